"""Reports: one model made from a run, a plan or an assessment, and its renderings."""
