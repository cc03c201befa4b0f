using Akka.Actor;

namespace StockActors.Simulator.Tests;

/// <summary>A market that fails where it is told to, and is a real one otherwise.</summary>
public sealed class FlakyMarket : ReceiveActor
{
    private readonly IActorRef _market;
    private (MarketActor.Advance Asked, IActorRef Asker)? _late;

    public FlakyMarket(Props real, Func<MarketActor.Advance, Fault> faults)
    {
        _market = Context.ActorOf(real);
        Receive<MarketActor.Advance>(advance =>
        {
            switch (faults(advance))
            {
                case Fault.None:
                    _market.Forward(advance);
                    break;
                case Fault.Throws:
                    throw new InvalidOperationException("told to fail");
                case Fault.AnswersAfterTheNextQuestion:
                    _late = (advance, Sender);
                    break;
            }
        });
        ReceiveAny(message =>
        {
            if (_late is { } late)
                _market.Tell(late.Asked, late.Asker);
            _late = null;
            _market.Forward(message);
        });
    }

    public enum Fault
    {
        None,
        Throws,
        Silent,
        AnswersAfterTheNextQuestion,
    }

    public static Props Props(Props real, Func<MarketActor.Advance, Fault> faults) => Akka.Actor.Props.Create(() => new FlakyMarket(real, faults));

    protected override void PreRestart(Exception reason, object message)
    {
        Sender.Tell(new Akka.Actor.Status.Failure(reason));
        base.PreRestart(reason, message);
    }
}
