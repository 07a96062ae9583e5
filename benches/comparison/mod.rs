//! Comparison of the program with others: the rows, the tasks, the programs on this machine, the measuring of processes.

pub(crate) mod gifts;
pub(crate) mod peers;
pub(crate) mod process;
pub(crate) mod tasks;
