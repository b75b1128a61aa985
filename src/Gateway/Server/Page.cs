using System.Globalization;
using BlindGrain.Gateway.Errors;

namespace BlindGrain.Gateway.Server;

/// <summary>The part of a list that a request asks for: up to <paramref name="Limit"/> items behind the one named <paramref name="After"/>.</summary>
internal readonly record struct Page(int Limit, string? After)
{
    /// <summary>The most items of an answer, and how many it has where none are asked for.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Reads "limit" and "after" of the query.</summary>
    /// <exception cref="ProblemException">The limit is no number from 1 to <see cref="MaxLimit"/>.</exception>
    public static Page Of(HttpContext context)
    {
        string text = context.Request.Query["limit"].ToString(), after = context.Request.Query["after"].ToString();
        if (text.Length == 0)
        {
            return new Page(MaxLimit, after.Length == 0 ? null : after);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MaxLimit
            ? new Page(limit, after.Length == 0 ? null : after)
            : throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"limit={text} is not possible; take 1 to {MaxLimit}.");
    }

    /// <summary>Cuts the page out of the whole list.</summary>
    /// <param name="ids">All ids, in the list's order.</param>
    /// <returns>The page's ids, and what to ask for "after" next; null where this is the end.</returns>
    /// <exception cref="ProblemException">What the page begins behind is not on the list.</exception>
    public (string[] Ids, string? Next) Cut(IReadOnlyList<string> ids)
    {
        int first = 0;
        if (After is { } after)
        {
            first = ids.Index().Where(i => i.Item == after).Select(i => i.Index + 1).FirstOrDefault();
            if (first == 0)
            {
                throw ProblemException.BadRequest(ErrorCodes.InvalidRequest, $"after={after} is not on this list, or no longer; begin anew without it.");
            }
        }

        string[] page = [.. ids.Skip(first).Take(Limit)];
        return (page, first + page.Length < ids.Count ? page[^1] : null);
    }
}
