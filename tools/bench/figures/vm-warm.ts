import { bootFigure } from '../boot-figure.js';

export const vmWarm = bootFigure('vm-warm', 'warm');
