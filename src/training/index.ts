/** @module Training: gradients of a loss over micro-batches, and the steps that they make. */
export { checkGradients, type GradientCheck } from "./check-gradients.ts";
export {
  type GradientOptions,
  type Gradients,
  type LossAndGradients,
  type MicroBatch,
  NonFiniteLossError,
  openGradients,
} from "./gradients.ts";
export { type Lesson, type LessonOptions, lessons, type Position } from "./lessons.ts";
export {
  type Carried,
  canCarry,
  nextTokenObjective,
  type Objective,
  type ObjectiveOptions,
} from "./objective.ts";
export { createOrthogonaliser, type Orthogonaliser } from "./orthogonalise.ts";
export { beginTraining, type StepOptions, type StepResult, type TrainingState, trainStep } from "./step.ts";
export { type Learner, openTrainer, type Trainer, type TrainerOptions, type TrainerStep } from "./trainer.ts";
