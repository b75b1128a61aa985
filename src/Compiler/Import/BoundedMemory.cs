using Microsoft.ML.OnnxRuntime;

namespace BlindGrain.Compiler.Import;

/// <summary>
/// ONNX Runtime sessions whose tensors share one arena of bounded size: a few bytes of a model can ask for a constant of
/// terabytes, and must get an error instead of all the machine's memory.
/// </summary>
internal static class BoundedMemory
{
    private const uint MaxBytes = 2U << 30;
    private const int GrowAsRequested = 1;
    private static readonly Lazy<bool> s_registered = new(Register);

    /// <summary>Options for small models that run once.</summary>
    public static SessionOptions CreateOptions()
    {
        _ = s_registered.Value;
        var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            IntraOpNumThreads = 1,

            // The optimizer would compute constants while loading, with an allocator of its own.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        };
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        return options;
    }

    private static bool Register()
    {
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var arena = new OrtArenaCfg(MaxBytes, GrowAsRequested, -1, -1);
        OrtEnv.Instance().CreateAndRegisterAllocator(memory, arena);
        return true;
    }
}
