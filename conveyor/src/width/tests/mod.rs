mod convergence;
mod figures;
mod simulator;
