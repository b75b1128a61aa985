using BlindGrain.WebConsole.Tests.Fixtures;

// One server, one browser: one test after the other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Browser))]
[assembly: AssemblyFixture(typeof(ServedConsole))]
