namespace StockActors.Simulator.Book.Streams;

/// <summary>What an operation of an order stream does; the values are the file's.</summary>
public enum OperationKind : byte
{
    /// <summary>A limit order, good till cancelled.</summary>
    Limit = 1,

    /// <summary>A limit order, immediate or cancel.</summary>
    ImmediateOrCancel = 2,

    /// <summary>Cancels an order.</summary>
    Cancel = 3,

    /// <summary>Moves what remains of an order to another price, as cancel and a new order.</summary>
    Move = 4,

    /// <summary>Makes an order smaller.</summary>
    Reduce = 5,
}
