namespace StockActors.Sinks.Tests.Simulation;

/// <summary>A call that was made and has not been answered.</summary>
/// <param name="IsConditional">Whether it is a conditional put, whose outcome may be unknown.</param>
/// <param name="Effect">Makes it happen; may be done twice, or after its caller has given up.</param>
/// <param name="Answer">Answers with what the effect, done last, has said.</param>
/// <param name="Fail">Answers with an error.</param>
internal sealed record SimulatedCall(bool IsConditional, Action Effect, Action Answer, Action<Exception> Fail);
