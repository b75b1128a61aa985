// One test at a time: a collection that another thread starts may free a TorchSharp scalar within a native call (see Training.csproj).
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
