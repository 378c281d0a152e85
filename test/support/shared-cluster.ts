/** Environment variable that the test runner sets: the bootstrap servers of the cluster that all files of a stage share. */
export const bootstrapVariable = 'TIDEMARK_TEST_BOOTSTRAP';
