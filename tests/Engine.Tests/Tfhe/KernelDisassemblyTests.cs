using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using BlindGrain.Engine.Tests.Execution;
using BlindGrain.Engine.Tests.Tfhe.Bootstrapping;

namespace BlindGrain.Engine.Tests.Tfhe;

/// <summary>
/// Reads what the JIT compiler made of the hot kernels: no bounds check, no allocation, no vector on the stack. A second process of this
/// test program runs tests that go through all of them while the compiler writes its disassembly.
/// </summary>
public partial class KernelDisassemblyTests(ITestOutputHelper output)
{
    /// <summary>
    /// The loops over coefficients, points and key words. (<c>CmuxKernel.Step</c> itself only calls them.) None has a vector on the stack on
    /// any instruction set, so that is the bound.
    /// </summary>
    private static readonly string[] s_kernels =
    [
        "FourierKernel`2:Forward4", "FourierKernel`2:Inverse4", "FourierKernel`2:AddToTorus",
        "CmuxKernel`2:DecomposeLoop", "ProductKernel`2:Columns2", "ProductKernel`2:Columns3", "ProductKernel`2:Columns4",
        "KeyswitchKernel:Accumulate1", "KeyswitchKernel:Accumulate2", "LinearKernel:AddEntries",
    ];

    private static readonly string[] s_narrow = ["Avx2Block:BeginForward", "Avx2Block:EndForward", "Avx2Block:BeginInverse", "Avx2Block:EndInverse"];

    private static readonly string[] s_wide = ["WideBlock`2:BeginForward", "WideBlock`2:EndForward", "WideBlock`2:BeginInverse", "WideBlock`2:EndInverse", "KeyswitchKernel:Accumulate4"];

    [Fact]
    public void Hot_kernels_have_no_bounds_checks_no_allocations_and_no_spilled_vectors()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Assert.Skip($"The disassembly is read for x64, and this is {RuntimeInformation.ProcessArchitecture}.");
        }

        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Run(file);
            Dictionary<string, string> listings = Listings(File.ReadAllText(file));
            bool wide = System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated;
            foreach (string kernel in s_kernels.Concat(wide ? s_wide : s_narrow))
            {
                string[] found = [.. listings.Keys.Where(name => name.StartsWith(kernel, StringComparison.Ordinal) && name[kernel.Length] is '(' or '/')];
                Assert.True(found.Length > 0, $"{kernel} was not compiled: it was renamed, inlined, or is no longer reached.");
                foreach (string name in found)
                {
                    Check(name, listings[name]);
                }
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private void Check(string name, string listing)
    {
        string[] instructions = [.. listing.Split('\n').Where(l => Instruction().IsMatch(l))];
        string[] stack = [.. instructions.Where(l => VectorOnStack().IsMatch(l))];
        output.WriteLine($"{name}: {instructions.Length} instructions, {stack.Length} with a vector on the stack");
        Assert.Contains("FullOpts", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("CORINFO_HELP_RNGCHKFAIL", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("CORINFO_HELP_NEW", listing, StringComparison.Ordinal);
        Assert.True(stack.Length == 0, $"{name} keeps vectors on the stack:\n{string.Join('\n', stack)}");
    }

    private static void Run(string file)
    {
        string program = Assembly.GetExecutingAssembly().Location;
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "exec", program, "-class", typeof(StreamedKeyswitchTests).FullName!, "-class", typeof(LinearKernelTests).FullName!, "-class", typeof(ProductKernelTests).FullName! },
            Environment =
            {
                ["DOTNET_JitStdOutFile"] = file,
                ["DOTNET_JitDisasm"] = string.Join(' ', s_kernels.Concat(s_wide).Concat(s_narrow).Select(k => k[(k.IndexOf(':', StringComparison.Ordinal) + 1)..]).Distinct()),
            },
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"The second process failed:\n{text}\n{error.Result}");
    }

    /// <summary>Listings by "Class`n:Method(types)/instruction set", the generic arguments shortened to the latter.</summary>
    private static Dictionary<string, string> Listings(string text)
    {
        var listings = new Dictionary<string, string>();
        foreach (string part in text.Split("; Assembly listing for method ")[1..])
        {
            string full = part[..part.IndexOf('\n', StringComparison.Ordinal)];
            Match match = MethodName().Match(full);
            string set = match.Groups["set"].Success ? $"/{match.Groups["set"].Value}" : string.Empty;
            listings[match.Groups["class"].Value + ":" + match.Groups["method"].Value + (set.Length > 0 ? set : "(") + match.Groups["choice"].Value] = part;
        }

        return listings;
    }

    [GeneratedRegex(@"^ {7}\S")]
    private static partial Regex Instruction();

    [GeneratedRegex(@"[xyz]mm\d.*\[r[sb]p|\[r[sb]p.*[xyz]mm\d")]
    private static partial Regex VectorOnStack();

    [GeneratedRegex(@"^[\w.]*?(?<class>\w+(`\d)?)(\[.*?(?<set>\w+Simd)\b.*\])?:(?<method>\w+)(\[(?<choice>.*?)\])?\(")]
    private static partial Regex MethodName();
}
