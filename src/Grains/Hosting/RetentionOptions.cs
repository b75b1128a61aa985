namespace BlindGrain.Grains.Hosting;

/// <summary>How long things are kept; section "Retention" of the configuration. A job's input and checkpoints go as soon as it ends.</summary>
public sealed class RetentionOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Retention";

    /// <summary>How long after its end a job, with its result, is kept; 1 minute to 365 days.</summary>
    public TimeSpan Results { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long after its announcement a key set or a model's upload may be incomplete, and how long blobs that belong to nobody stay; 1 minute to 365 days.</summary>
    public TimeSpan Uploads { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often the cluster looks for what is to go, 1 minute to 1 day; things stay longer by up to this.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);
}
