namespace StockActors.EndToEnd;

/// <summary>A test that needs a real Kafka, and a disk to fill.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute()
    {
        Skip = new StackFactAttribute().Skip ?? (SmallDisk.IsToBeHad ? null : "needs a disk to fill: this user may not mount a tmpfs");
    }
}
