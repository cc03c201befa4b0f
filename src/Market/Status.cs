namespace StockActors.Market;

/// <summary>What a <see cref="TickKind.Status"/> says.</summary>
/// <param name="Action">What happened.</param>
/// <param name="Reason">Why, in one word (<c>schedule</c>, <c>limit-up</c>, <c>operator</c>, <c>fault</c>); <c>null</c> or empty where nothing is to be said.</param>
/// <param name="IsTrading">Whether orders match after it.</param>
/// <param name="LimitUp">The upper price band in units of 1e-9, where one is in force.</param>
/// <param name="LimitDown">The lower price band in units of 1e-9, where one is in force.</param>
public readonly record struct Status(StatusAction Action, string? Reason, bool? IsTrading, long? LimitUp, long? LimitDown);
