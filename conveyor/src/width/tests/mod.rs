mod convergence;
mod figures;
mod rules;
mod simulator;
