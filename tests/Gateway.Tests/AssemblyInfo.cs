// One server for all tests; one after the other keeps its timing calm.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(BlindGrain.Gateway.Tests.Fixtures.TestServer))]
