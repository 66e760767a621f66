import { bootFigure } from '../boot-figure.js';

export const vmCold = bootFigure('vm-cold', 'cold');
