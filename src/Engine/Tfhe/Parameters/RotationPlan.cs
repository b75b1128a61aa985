using System.Globalization;

namespace BlindGrain.Engine.Tfhe.Parameters;

/// <summary>
/// How much of a parameter set's precision one bootstrap uses. A set is chosen for a circuit's hardest look-up; the others leave noise to
/// spare, and what is spare buys speed: a table in fewer accumulators, and a coarser modulus switch.
/// </summary>
/// <param name="Log2Extension">ν' ≤ ν: the table has 2^ν'·N entries and the modulus switch goes to 2·2^ν'·N.</param>
/// <param name="Companion">
/// 64·φ, 0 to 63 (0 where ν' is 0): the fraction φ of the odd mask elements that is moved to the second nearest integer, which is even and costs at most half
/// (the companion modulus switch of eprint 2025/2214).
/// </param>
/// <param name="Log2Tables">
/// θ: a rotation yields the entries of 2^θ tables of the same input (many-LUT, eprint 2021/729). Exponents are multiples of 2^θ, so that the modulus switch goes to
/// 2^-θ of its modulus.
/// </param>
public readonly record struct RotationPlan(int Log2Extension, int Companion = 0, int Log2Tables = 0)
{
    /// <summary>The unit of <see cref="Companion"/>: a whole number of 64ths is the same number on every machine.</summary>
    public const int CompanionUnit = 64;

    /// <summary>φ.</summary>
    public double CompanionFraction => Companion / (double)CompanionUnit;

    /// <summary>
    /// The mean number of CMUXes for each mask element, (1 − φ)/2·2^ν' + (1 + φ)/2·F(ν' − 1) with F(ν) = (2^(ν+1) + 2^−ν)/3: an odd
    /// element costs one in each accumulator.
    /// </summary>
    public double StepsPerElement => Log2Extension == 0
        ? 1
        : ((1 - CompanionFraction) / 2 * Math.Pow(2, Log2Extension)) + ((1 + CompanionFraction) / 2 * Sorted(Log2Extension - 1));

    /// <summary>The entries of each table: 2^(ν' − θ)·N.</summary>
    public int Boxes(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.PolynomialSize.Value << Log2Extension >> Log2Tables;
    }

    /// <summary>All of a set's precision.</summary>
    public static RotationPlan Full(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new RotationPlan(parameters.Log2Extension);
    }

    /// <summary>The cheapest plan that passes: the smallest table, then the most companion moves. All of the set's precision is taken to pass.</summary>
    /// <param name="parameters">The set.</param>
    /// <param name="meets">Whether a plan is quiet enough; noise falls with ν' and rises with φ.</param>
    public static RotationPlan Cheapest(ParameterSet parameters, Func<RotationPlan, bool> meets)
    {
        ArgumentNullException.ThrowIfNull(meets);
        RotationPlan plan = Full(parameters);
        while (plan.Log2Extension > 0 && meets(new RotationPlan(plan.Log2Extension - 1)))
        {
            plan = new RotationPlan(plan.Log2Extension - 1);
        }

        if (plan.Log2Extension == 0)
        {
            return plan;
        }

        // Variance rises with φ, so the largest φ that holds is found by halving.
        int holds = 0, fails = CompanionUnit;
        while (fails - holds > 1)
        {
            int middle = (holds + fails) / 2;
            if (meets(plan with { Companion = middle }))
            {
                holds = middle;
            }
            else
            {
                fails = middle;
            }
        }

        return plan with { Companion = holds };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"2^{Log2Extension} accumulators, φ = {CompanionFraction:0.##}, {1 << Log2Tables} tables");

    private static double Sorted(int log2Extension) => (Math.Pow(2, log2Extension + 1) + Math.Pow(2, -log2Extension)) / 3;
}
