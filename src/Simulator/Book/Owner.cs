using StockActors.Market;

namespace StockActors.Simulator.Book;

/// <summary>Whose an order is. Two orders of one owner do not trade with each other, but in an auction.</summary>
/// <param name="Id">Which owner, 1 or more; 0 for one of whom nothing is known, who may trade with anyone.</param>
/// <param name="Agent">What class of trader it is.</param>
public readonly record struct Owner(int Id, AgentClass Agent);
