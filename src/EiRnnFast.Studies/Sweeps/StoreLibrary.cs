using EiRnnFast.Files;
using Microsoft.Data.Sqlite;

namespace EiRnnFast.Studies.Sweeps;

/// <summary>The native library that keeps the runs of a sweep.</summary>
public static class StoreLibrary
{
    /// <summary>Opens a store in memory.</summary>
    /// <exception cref="InvalidInputException">The library cannot be loaded.</exception>
    public static void Check() => NativeLibraryCheck.Run("stores (SQLite)", () =>
    {
        using var connection = new SqliteConnection("Data Source=:memory:;Pooling=False");
        connection.Open();
    });
}
