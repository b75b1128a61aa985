using BlindGrain.Gateway.Quotas;
using BlindGrain.Grains.Interfaces;

namespace BlindGrain.Gateway.Errors;

/// <summary>Turns every failure into a problem document; what went wrong inside is logged, not told.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            await DescribeBareStatus(context);
        }
        catch (ProblemException e)
        {
            await Answer(context, e.Status, e.Code, e.Message);
        }
        catch (QuotaExceededException e) when (!context.Response.HasStarted)
        {
            await QuotaProblem.Write(context, e);
        }
        catch (BadHttpRequestException e)
        {
            string code = e.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => ErrorCodes.PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType => ErrorCodes.UnsupportedMediaType,
                _ => ErrorCodes.InvalidRequest,
            };
            await Answer(context, e.StatusCode, code, e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: there is nobody to answer.
        }
        catch (Exception e) when (ClusterFailures.IsOfStorage(e))
        {
            GatewayLog.ClusterFailed(logger, context.Request.Path, e);
            await Answer(context, StatusCodes.Status503ServiceUnavailable, ErrorCodes.StorageUnavailable, "The storage does not answer at the moment; try again shortly. Nothing was lost.");
        }
        catch (Exception e) when (ClusterFailures.IsTransient(e))
        {
            GatewayLog.ClusterFailed(logger, context.Request.Path, e);
            await Answer(context, StatusCodes.Status503ServiceUnavailable, ErrorCodes.ClusterUnavailable, "The cluster does not answer at the moment; try again shortly. Nothing was lost.");
        }
        catch (Exception e)
        {
            GatewayLog.RequestFailed(logger, context.Request.Path, e);
            await Answer(context, StatusCodes.Status500InternalServerError, ErrorCodes.Internal, "The server failed at this request; its log says why.");
        }
    }

    private static Task DescribeBareStatus(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.ContentLength is > 0 || context.Response.ContentType is not null)
        {
            return Task.CompletedTask;
        }

        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.Write(context, 404, ErrorCodes.NotFound, $"There is no {context.Request.Path} here; see /openapi/v1.json for what there is."),
            StatusCodes.Status405MethodNotAllowed => Problems.Write(context, 405, ErrorCodes.MethodNotAllowed, $"{context.Request.Method} is not possible here; allowed: {context.Response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType => Problems.Write(context, 415, ErrorCodes.UnsupportedMediaType, "The body's Content-Type is not one that this route takes."),
            StatusCodes.Status413PayloadTooLarge => Problems.Write(context, 413, ErrorCodes.PayloadTooLarge, "The body is longer than this route takes."),
            StatusCodes.Status400BadRequest => Problems.Write(context, 400, ErrorCodes.InvalidRequest, "The request is malformed."),
            _ => Task.CompletedTask,
        };
    }

    private static async Task Answer(HttpContext context, int status, string code, string detail)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await Problems.Write(context, status, code, detail);
    }
}
