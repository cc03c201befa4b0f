using StockActors.Simulator.Book;

namespace StockActors.Simulator.Tests.Book;

/// <summary>What a book told of an operation: one of the two, the other is its default.</summary>
internal readonly record struct BookEvent(Execution Execution, StandingOrder Cancelled);
