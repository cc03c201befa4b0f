using Akka.Actor;
using Akka.Configuration;
using StockActors.Node.Configuration;
using StockActors.Node.Markets;

namespace StockActors.Node.Commands;

/// <summary>A process that is no node: it talks to one, and is heard by nobody else.</summary>
internal static class Operator
{
    private static readonly TimeSpan FindTimeout = TimeSpan.FromSeconds(5);

    private static readonly Config Client = """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          actor.provider = remote
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """;

    /// <summary>Finds an actor of a node, and asks it something.</summary>
    /// <param name="node">The node, <c>host:port</c>.</param>
    /// <param name="name">The actor's name under <c>/user</c>.</param>
    /// <param name="ask">What is asked.</param>
    /// <param name="nobody">The error where it does not answer.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<int> AskAsync(string node, string name, Func<ActorSystem, IActorRef, Task<int>> ask, Func<CommandException> nobody, CancellationToken cancel)
    {
        if (!ClusterOptions.IsAddress(node))
            throw new SettingsException([$"--node: '{node}' is no HOST:PORT; write it as 127.0.0.1:4053."]);
        var system = ActorSystem.Create("operator", Client);
        try
        {
            var found = await system.ActorSelection($"akka.tcp://{MarketHost.SystemName}@{node}/user/{name}").Ask<ActorIdentity>(new Identify(null), FindTimeout, cancel);
            return await ask(system, found.Subject ?? throw nobody());
        }
        catch (AskTimeoutException)
        {
            throw nobody();
        }
        finally
        {
            await system.Terminate();
        }
    }
}
