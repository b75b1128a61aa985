using Microsoft.Extensions.Logging;

namespace BlindGrain.Grains;

/// <summary>The log messages of this project. Keys, ciphertexts and other tenants' names never appear.</summary>
internal static partial class GrainsLog
{
    [LoggerMessage(2001, LogLevel.Information, "Key set {KeySet} loaded: {Mebibytes} MiB in {Seconds:F1} s.")]
    public static partial void KeyLoaded(ILogger logger, string keySet, long mebibytes, double seconds);

    [LoggerMessage(2002, LogLevel.Information, "Key set {KeySet} leaves the cache to make room.")]
    public static partial void KeyEvicted(ILogger logger, string keySet);

    [LoggerMessage(2003, LogLevel.Warning, "Slice of job {Job}, step {Step} refused ({Code}): {Reason}")]
    public static partial void SliceRefused(ILogger logger, string job, int step, string code, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "Silo {Silo} did not compute a slice of job {Job}, step {Step}; it goes elsewhere.")]
    public static partial void SliceFailed(ILogger logger, string silo, string job, int step, Exception? exception);

    [LoggerMessage(2031, LogLevel.Information, "Silo {Silo} is {Why}: a slice of job {Job}, step {Step}, goes to silo {Other} too.")]
    public static partial void SliceHedged(ILogger logger, string silo, string why, string job, int step, string other);

    [LoggerMessage(2032, LogLevel.Information, "Job {Job} leaves this silo, which stops, behind step {Step} of {Steps}.")]
    public static partial void JobHandedOver(ILogger logger, string job, int step, int steps);

    [LoggerMessage(2005, LogLevel.Information, "Job {Job} begins at step {Step} of {Steps}.")]
    public static partial void JobBegins(ILogger logger, string job, int step, int steps);

    [LoggerMessage(2006, LogLevel.Information, "Job {Job} ended as {Phase} ({Code}): {Bootstraps} bootstraps in {Seconds:F1} s since it was accepted.")]
    public static partial void JobEnded(ILogger logger, string job, string phase, string code, int bootstraps, double seconds);

    [LoggerMessage(2007, LogLevel.Warning, "Job {Job} stumbled and tries again.")]
    public static partial void JobStumbled(ILogger logger, string job, Exception exception);

    [LoggerMessage(2008, LogLevel.Error, "Job {Job} failed.")]
    public static partial void JobFailed(ILogger logger, string job, Exception exception);

    [LoggerMessage(2009, LogLevel.Warning, "Job {Job} is left to its reminder.")]
    public static partial void JobLeft(ILogger logger, string job, Exception exception);

    [LoggerMessage(2010, LogLevel.Warning, "Silo {Silo} was not told of {What}.")]
    public static partial void SiloNotTold(ILogger logger, string silo, string what, Exception exception);

    [LoggerMessage(2011, LogLevel.Warning, "Job {Job} goes on without a reminder.")]
    public static partial void ReminderMissing(ILogger logger, string job, Exception exception);

    [LoggerMessage(2033, LogLevel.Warning, "The reminder of job {Job} could not be stored.")]
    public static partial void ReminderFailed(ILogger logger, string job, Exception exception);

    [LoggerMessage(2034, LogLevel.Information, "A silo is gone, or the cluster began: looked after {Count} unfinished jobs.")]
    public static partial void JobsLookedAt(ILogger logger, int count);

    [LoggerMessage(2035, LogLevel.Warning, "A silo is gone, or the cluster began, and unfinished jobs could not be looked after (try {Attempt} of {Tries}); their reminders do so later.")]
    public static partial void JobsNotLookedAt(ILogger logger, int attempt, int tries, Exception exception);

    [LoggerMessage(2012, LogLevel.Warning, "Client {Client} of the cluster called {Interface}.{Method}, which is for silos only; the call was denied.")]
    public static partial void CallDenied(ILogger logger, string? client, string @interface, string method);

    [LoggerMessage(2013, LogLevel.Warning, "Job {Job} waits for the storage, which does not answer.")]
    public static partial void StorageAway(ILogger logger, string job, Exception exception);

    [LoggerMessage(2014, LogLevel.Information, "Key set {KeySet} leaves the cache: its file is gone.")]
    public static partial void KeyGone(ILogger logger, string keySet);

    [LoggerMessage(2015, LogLevel.Warning, "What was to be looked at or deleted for its age was not: {Name}.")]
    public static partial void SweepFailed(ILogger logger, string name, Exception exception);

    [LoggerMessage(2016, LogLevel.Information, "Looked at {Count} jobs, key sets and uploads for their age; {Expired} expired, {Orphans} had files that belong to nobody.")]
    public static partial void Swept(ILogger logger, int count, int expired, int orphans);

    [LoggerMessage(2017, LogLevel.Warning, "Cached keys could not be held against the storage.")]
    public static partial void KeysNotChecked(ILogger logger, Exception exception);

    [LoggerMessage(2018, LogLevel.Warning, "Memory is short: {Used} of {Limit} MiB are used. Work is turned away until that changes.")]
    public static partial void MemoryShort(ILogger logger, long used, long limit);
}
