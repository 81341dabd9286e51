using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EiRnnFast.Dynamics;
using EiRnnFast.Model;
using EiRnnFast.Spectra;
using EiRnnFast.Threads;

namespace EiRnnFast.CAbi;

/// <summary>Spectra and fixed points, and what any handle tells: see eirnn.h, where every function is described.</summary>
internal static unsafe class AnalysisExports
{
    [UnmanagedCallersOnly(EntryPoint = "eirnn_last_error", CallConvs = [typeof(CallConvCdecl)])]
    public static byte* LastError() => Border.LastError;

    [UnmanagedCallersOnly(EntryPoint = "eirnn_use", CallConvs = [typeof(CallConvCdecl)])]
    public static int Use(byte* kernels, byte* lapack) => Border.Call(() =>
        Engine.Choose(Given.TextOrNull(kernels, "kernels"), Given.TextOrNull(lapack, "lapack")));

    [UnmanagedCallersOnly(EntryPoint = "eirnn_free", CallConvs = [typeof(CallConvCdecl)])]
    public static int Free(ulong handle) => Border.Call(() =>
    {
        if (handle != 0) Handles.Free(handle);
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_text", CallConvs = [typeof(CallConvCdecl)])]
    public static int Text(ulong handle, byte* what, byte* text, long capacity, long* length) => Border.Call(() =>
    {
        var name = Given.Text(what, "what");
        Given.Copy(handle == 0 ? Texts.OfEngine(name) : Texts.Of(handle, name), text, capacity, length, "text");
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_values", CallConvs = [typeof(CallConvCdecl)])]
    public static int Values(ulong handle, byte* what, double* values, long capacity, long* length) => Border.Call(() =>
    {
        using var taken = Handles.Take<object>(handle);
        var name = Given.Text(what, "what");
        Given.Copy(Series.Of(taken.Held, name), values, capacity, length, "values");
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_eigenvalues", CallConvs = [typeof(CallConvCdecl)])]
    public static int EigenvaluesOf(long count, long n, double* matrices, long threads, double* values) => Border.Call(() =>
    {
        var rows = Given.Count(n, "n");
        var stack = Given.Values(matrices, "matrices", count, n, n);
        var room = MemoryMarshal.Cast<double, Complex>(Given.Room(values, "values", count, n, 2));
        var all = Eigenvalues.OfMany(stack.ToArray(), rows, Engine.Backend.Solver, threads == 0 ? null : Given.Count(threads, "threads"));
        for (var i = 0; i < all.Length; i++) all[i].CopyTo(room[(i * rows)..]);
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_spectrum_of_network", CallConvs = [typeof(CallConvCdecl)])]
    public static int SpectrumOfNetwork(ulong network, ulong* spectrum) => Border.Call(() =>
    {
        using var taken = Handles.Take<EiRnn>(network);
        Given.Require(spectrum, "spectrum");
        *spectrum = Handles.Add(Spectrum.Of(taken.Held, Engine.Backend.Solver));
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_spectrum_of_matrix", CallConvs = [typeof(CallConvCdecl)])]
    public static int SpectrumOfMatrix(long n, double* matrix, sbyte* signs, ulong* spectrum) => Border.Call(() =>
    {
        Given.Require(spectrum, "spectrum");
        var weights = Given.Values(matrix, "matrix", n, n);
        var theory = signs is null ? null : RandomMatrixTheory.OfSigns(weights, Given.Values(signs, "signs", n));
        *spectrum = Handles.Add(Spectrum.Of(weights, (int)n, theory, Engine.Backend.Solver));
    });

    [UnmanagedCallersOnly(EntryPoint = "eirnn_fixed_points", CallConvs = [typeof(CallConvCdecl)])]
    public static int FindFixedPoints(ulong network, double* input, long moments, float* states, long starts, double noise, long seed,
        long threads, ulong* points) => Border.Call(() =>
        {
            using var taken = Handles.Take<EiRnn>(network);
            Given.Require(points, "points");
            var net = taken.Held;
            var map = RecurrentMap.Of(net, input is null ? default : Given.Values(input, "input", net.Inputs));
            if (seed < 0) throw InvalidInputException.Of("seed", seed, "0 or above", "choose another seed");
            var options = new FixedPointOptions();
            var count = ThreadBudget.Checked(Given.Count(threads, "threads"));
            var from = FixedPoints.StartsFrom(map, Given.Values(states, "states", moments, net.Units), Given.Count(starts, "starts"), noise,
                options.FreeSteps, seed, count);
            *points = Handles.Add(FixedPoints.Find(map, from, options, null, Engine.Backend.Solver, seed, count));
        });
}
