// Trainings over HTTP, for this machine only. One network per core; what waits and what is kept are bounded.
//   POST   /trainings                  settings by name as JSON, "seed" too: 202 with its id; 503 when the queue is full
//   GET    /trainings/{id}             where it stands
//   GET    /trainings/{id}/events      the same as server-sent events, one an epoch; the last is done, failed or cancelled
//   DELETE /trainings/{id}             cancels it
//   GET    /trainings/{id}/spectrum    eigenvalues, radii and shape, once it is done
//   GET    /trainings/{id}/network     the network as .npz, once it is done
// Bad input is 400 with one sentence. Options: --urls, --workers, --queue, --kept, --mostmegabytes (appsettings.json).
using System.Text.Json;
using EiRnnFast;

// The settings lie beside the program, wherever it is started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.ConfigureKestrel(server =>
{
    server.Limits.MaxRequestBodySize = 64 << 10;
    server.Limits.MaxConcurrentConnections = 200;
});
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
builder.Services.AddSingleton<TrainingQueue>();
var app = builder.Build();
TrainingQueue queue;
try
{
    queue = app.Services.GetRequiredService<TrainingQueue>();
}
catch (InvalidInputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
app.Lifetime.ApplicationStopping.Register(queue.Stop); // trainings and their streams end first, then the server

app.Use(async (context, next) =>
{
    try
    {
        await next(context);
    }
    catch (InvalidInputException e)
    {
        await Refuse(400, e.Message).ExecuteAsync(context);
    }
    catch (BadHttpRequestException e) // a body that is too large, or was cut off
    {
        await Refuse(e.StatusCode, e.Message).ExecuteAsync(context);
    }
});

app.MapPost("/trainings", async (HttpRequest request) =>
{
    // Only JSON, which a page of another site cannot send without asking.
    if (!request.HasJsonContentType()) return Refuse(415, "content type: expected application/json");
    var training = new TrainingJob(await SettingsJson.ReadAsync(request.Body, queue.MostBytes, request.HttpContext.RequestAborted));
    if (queue.TryAdd(training)) return Results.Accepted($"/trainings/{training.Id}", training.Standing);
    request.HttpContext.Response.Headers.RetryAfter = "10";
    return Refuse(503, "the queue is full; try again later");
});
app.MapGet("/trainings/{id}", (string id) => queue.Find(id) is { } training ? Results.Ok(training.Standing) : Unknown());
app.MapGet("/trainings/{id}/events", (string id, CancellationToken gone) =>
    queue.Find(id) is { } training ? Results.ServerSentEvents(training.Events(gone)) : Unknown());
app.MapDelete("/trainings/{id}", (string id) =>
{
    if (queue.Find(id) is not { } training) return Unknown();
    queue.Cancel(training);
    return Results.Ok(training.Standing);
});
app.MapGet("/trainings/{id}/spectrum", (string id) =>
{
    if (queue.Find(id) is not { } training) return Unknown();
    return training.Summary is { } spectrum ? Results.Ok(spectrum) : NotDone(training);
});
app.MapGet("/trainings/{id}/network", (string id) =>
{
    if (queue.Find(id) is not { } training) return Unknown();
    if (training.File is not { } file) return NotDone(training);
    try
    {
        return Results.Stream(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete),
            "application/octet-stream", $"{id}.npz");
    }
    catch (FileNotFoundException) // it was forgotten just now
    {
        return Unknown();
    }
});
try
{
    app.Run();
    return 0;
}
catch (Exception e) when (e is FormatException or IOException or InvalidOperationException) // an address that is none, or is taken
{
    Console.Error.WriteLine($"--urls: {e.Message.ReplaceLineEndings(" ")}; give one such as http://localhost:5080");
    return 2;
}

static IResult Refuse(int code, string error) => Results.Json(new { error }, statusCode: code);
static IResult Unknown() => Refuse(404, "no such training; the oldest are forgotten");
static IResult NotDone(TrainingJob training) => Refuse(409, $"the training is {training.Standing.State}, expected done");
