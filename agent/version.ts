/** Of the agent, as it tells its decider; equal to that of the package (a test holds it to that). */
export const agentVersion = '0.1.0';
