using System.Text;
using Sylvan.Data.Csv;

namespace StockActors.Simulator.Replay;

/// <summary>The rows of a CSV file, header included, one at a time, each with the line of the file on which it begins; blank lines are skipped.</summary>
internal sealed class CsvRows : IDisposable
{
    private readonly string _file;
    private readonly CsvDataReader _reader;
    private long _nextLine = 1;

    /// <exception cref="BarFileException">The file is not there, no file, or cannot be read.</exception>
    public CsvRows(string file)
    {
        _file = file;
        if (Directory.Exists(file))
            throw new BarFileException(file, line: null, "this is a folder; name the CSV file in it.");
        _reader = Guard(() => CsvDataReader.Create(new StreamReader(file, Encoding.UTF8), new CsvDataReaderOptions
        {
            // The header is read as a row, so that its line and its blank predecessors count; a symbol may begin with the usual comment sign.
            HasHeaders = false,
            Comment = '\0',
            OwnsReader = true,
        }));
    }

    /// <summary>The line on which the row begins.</summary>
    public long Line { get; private set; }

    public int FieldCount => _reader.RowFieldCount;

    public ReadOnlySpan<char> this[int field] => _reader.GetFieldSpan(field).Trim();

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="BarFileException">The rest of the file cannot be cut into rows.</exception>
    public bool Read()
    {
        while (Guard(_reader.Read))
        {
            Line = _nextLine;
            var raw = _reader.GetRawRecordSpan();
            _nextLine += LineEnds(raw);
            if (!raw.IsWhiteSpace())
                return true;
        }

        return false;
    }

    public void Dispose() => _reader.Dispose();

    private static int LineEnds(ReadOnlySpan<char> raw)
    {
        var ends = raw.Count('\n');
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] == '\r' && (at + 1 == raw.Length || raw[at + 1] != '\n'))
                ends++;
        }

        return ends;
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvRecordTooLargeException error)
        {
            throw new BarFileException(_file, _nextLine, "the row that begins here is too long for one; is a quote not closed?", error);
        }
        catch (CsvFormatException error)
        {
            throw new BarFileException(_file, _nextLine, $"the quotes of the row that begins here are broken: {error.Message}", error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BarFileException(_file, line: null, "there is no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BarFileException(_file, line: null, $"the file cannot be read: {error.Message}", error);
        }
    }
}
