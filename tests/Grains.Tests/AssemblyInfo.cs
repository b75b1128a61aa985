// Clusters of real silos are heavy; one after the other keeps their timing calm.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
