using Amazon.Runtime;

namespace Amazon.Glue.Model;

/// <summary>Changes a table.</summary>
public sealed class UpdateTableRequest : AmazonWebServiceRequest
{
    /// <summary>The database.</summary>
    public string? DatabaseName { get; set; }

    /// <summary>What it is to be.</summary>
    public TableInput? TableInput { get; set; }

    /// <summary>The version that is changed: that it has another by now is a <see cref="ConcurrentModificationException"/>.</summary>
    public string? VersionId { get; set; }
}
