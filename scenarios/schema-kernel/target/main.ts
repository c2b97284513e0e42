/** A kernel that validates what tools are called with and hands messages to handlers. */
import { plantedDefects } from '../../service/planted-defects.js';
import { serve } from '../../service/serve.js';
import { defectNames } from './defects/names.js';
import { createKernel } from './kernel.js';
import { kernelRoutes } from './routes.js';

await serve({ routes: kernelRoutes(createKernel(plantedDefects(defectNames))) });
