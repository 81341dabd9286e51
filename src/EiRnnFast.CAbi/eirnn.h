/* EiRnnFast in C: trains excitatory-inhibitory recurrent networks and analyses the eigenvalues of their recurrent matrix.
 *
 * Every function but eirnn_last_error returns a code: EIRNN_GOOD, or why not. eirnn_last_error then gives the sentence.
 * Nothing is printed, no signal handler is set, the process is never ended. Texts are UTF-8 and end with a 0 byte.
 * A handle is a number. One that is not known, or freed, is refused. 0 is no handle.
 * One call at a time uses a handle (a second one is refused), except eirnn_cancel and eirnn_progress_of. Different handles may be
 * used by any number of threads at once.
 * Arrays are row-major, single precision where not said. Memory belongs to the caller; the library copies.
 * Letters: n trials, T timesteps, I inputs, O outputs, N units.
 */
#ifndef EIRNN_H
#define EIRNN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EIRNN_GOOD = 0,
    EIRNN_BAD_INPUT = 2,           /* the sentence says what was found, what was expected, and the remedy */
    EIRNN_FAILED_COMPUTATION = 3,  /* good input, and still no result */
    EIRNN_CANCELLED = 130          /* by eirnn_cancel or a callback */
};

typedef uint64_t eirnn_handle;

/* Where a training stands. */
typedef struct eirnn_progress {
    int64_t epoch, epochs;   /* epoch under way, from 1, of those asked for; both 0 before the first update */
    int64_t update, updates; /* updates done in it, of those it has */
    double loss;             /* mean over the trials of this epoch so far */
    double gradient_norm;    /* mean over its updates so far */
    double seconds, seconds_left;
} eirnn_progress;

/* Called after every finished epoch, on the thread of eirnn_train. The handle of the network holds until it returns;
 * eirnn_network_copy keeps it. What is not 0 ends the training: eirnn_train then returns EIRNN_CANCELLED. */
typedef int (*eirnn_after_epoch)(void *user, const eirnn_progress *progress, eirnn_handle network);

/* Draws trials: x [n,T,I], y [n,T,O], and mask [n,T,O], the weights of the targets, which is filled with 1 before.
 * The same numbers of trials and seed must give the same trials. What is not 0 ends the training as bad input.
 * It may be called on another thread than that of eirnn_train, but never after that has returned. */
typedef int (*eirnn_draw)(void *user, int64_t trials, uint32_t seed, float *x, float *y, float *mask);

/* The sentence of this thread's last call that failed; "" before. It stays until the next one fails. */
const char *eirnn_last_error(void);

/* Chooses the kernel set ("scalar", "vector", "vector512" or as "info" lists them) and the LAPACK library ("own" or a path) of this process.
 * NULL leaves one as it is. Unless said, the environment (EIRNN_KERNELS, EIRNN_LAPACK) or the best that is found. */
int eirnn_use(const char *kernels, const char *lapack);

/* Frees a run, network, spectrum or fixed points. Freeing 0 does nothing. */
int eirnn_free(eirnn_handle handle);

/* JSON, in snake_case. With text NULL, only *length is told: the bytes needed, the 0 byte included.
 *   handle 0:       "info" (version, kernel set, LAPACK, instruction set of this build and best one of this machine),
 *                   "settings" (the table of all settings), "tasks", "presets"
 *   a run:          "settings" (as they are now), "summary" (once trained: loss, accuracy, learned, chance, ...)
 *   a network:      "description"
 *   a spectrum:     "summary" (radii, shape, henrici, theory, ...)
 *   fixed points:   "summary" */
int eirnn_text(eirnn_handle handle, const char *what, char *text, int64_t capacity, int64_t *length);

/* Numbers. With values NULL, only *length is told. A complex number is two, its real part first.
 *   a trained run:  "losses", "task_losses", "gradient_norms", "epoch_seconds", "validation_losses", "validation_accuracies" (one an epoch)
 *   a spectrum:     "eigenvalues", "outliers" (largest modulus first)
 *   fixed points:   "states" [points,N], "rates" [points,N], "q" [points], "starts" [points], "eigenvalues" [points,N]; fixed points first,
 *                   then slow ones */
int eirnn_values(eirnn_handle handle, const char *what, double *values, int64_t capacity, int64_t *length);

/* ---- Trainings ---- */

/* A training with default settings. */
int eirnn_run_create(eirnn_handle *run);

/* A setting by its name and text, such as "units", "100"; all are in the table "settings". NULL takes it back.
 * Beside the table: "seed", "threads", "checkpoint_file" (kept while it trains, and at its end), "checkpoint_minutes" (1 unless said). */
int eirnn_set(eirnn_handle run, const char *name, const char *text);

/* Trials of one's own: x [n,T,I], y [n,T,O], mask [n,T,O] or NULL where all targets weigh 1. step_ms: milliseconds a timestep.
 * The first trials are the test trials (setting test_trials), then the validation trials. */
int eirnn_set_trials(eirnn_handle run, int64_t trials, int64_t steps, int64_t inputs, int64_t outputs, double step_ms,
                     const float *x, const float *y, const float *mask);

/* A task whose trials a function draws: once, or for every update with the setting data = fresh. */
int eirnn_set_draw(eirnn_handle run, int64_t steps, int64_t inputs, int64_t outputs, double step_ms, eirnn_draw draw, void *user);

/* A network to start from; it is copied. */
int eirnn_set_start(eirnn_handle run, eirnn_handle network);

/* Goes on where a checkpoint was kept, with its settings and the same bits; only "epochs" may be set to more. */
int eirnn_resume(eirnn_handle run, const char *checkpoint_file);

/* Trains on the calling thread (and as many more as "threads" says). A cancelled training keeps its last finished epoch. */
int eirnn_train(eirnn_handle run, eirnn_after_epoch after_epoch, void *user);

/* Ends the training of a run after the update under way; from any thread. Without a training it does nothing. */
int eirnn_cancel(eirnn_handle run);

/* Where the training of a run stands; from any thread. */
int eirnn_progress_of(eirnn_handle run, eirnn_progress *progress);

/* A copy of the trained network, or, with created not 0, of the network before its first update. */
int eirnn_run_network(eirnn_handle run, int created, eirnn_handle *network);

/* Sizes of the run's task. */
int eirnn_task_sizes(eirnn_handle run, int64_t *steps, int64_t *inputs, int64_t *outputs);

/* Trials of the run's task: x [n,T,I], y [n,T,O], mask [n,T,O] or NULL. data_seed: 0 to 4294967295. */
int eirnn_task_draw(eirnn_handle run, int64_t trials, int64_t data_seed, float *x, float *y, float *mask);

/* ---- Networks ---- */

/* A network as the settings of a run draw it, with other numbers of inputs and outputs. signs [N]: +1 or -1 for every unit,
 * or NULL for those of the settings. */
int eirnn_network_create(eirnn_handle run, int64_t inputs, int64_t outputs, const int8_t *signs, eirnn_handle *network);

/* Reads a network: .npz of EiRnnFast, .h5 or .hdf5 of Keras. */
int eirnn_network_load(const char *path, eirnn_handle *network);

/* Writes a network, whole or not at all: as Keras 3 HDF5 where the name ends in .h5 or .hdf5, else as .npz; .keras is refused. */
int eirnn_network_save(eirnn_handle network, const char *path);

int eirnn_network_copy(eirnn_handle network, eirnn_handle *copy);

int eirnn_network_sizes(eirnn_handle network, int64_t *units, int64_t *inputs, int64_t *outputs);

/* Weights by name: "kernel" [I,N], "recurrent_kernel" [N,N] from row to column, "bias" [N], "dense_kernel" [N,O], "dense_bias" [O],
 * "initial_state" [N]. count: their number. In the sign modes magnitude and rectified "recurrent_kernel" is what is trained;
 * "effective_recurrent_kernel", which cannot be written, is what acts. */
int eirnn_network_read(eirnn_handle network, const char *tensor, float *values, int64_t count);
int eirnn_network_write(eirnn_handle network, const char *tensor, const float *values, int64_t count);

/* signs [N]: +1 excitatory, -1 inhibitory, 0 without a constraint. */
int eirnn_network_signs(eirnn_handle network, int8_t *signs, int64_t count);

/* Runs trials: x [n,T,I] to outputs [n,T,O] and rates states [n,T,N], or NULL. noise_seed: 0 or above for the network's own noise, -1 for
 * none. */
int eirnn_network_run(eirnn_handle network, int64_t trials, int64_t steps, const float *x, int64_t noise_seed, float *outputs, float *states);

/* ---- Spectra and fixed points, in double precision ---- */

/* Eigenvalues of matrices [count,n,n], as pairs of numbers [count,n,2], largest modulus first. threads: 0 for all cores. */
int eirnn_eigenvalues(int64_t count, int64_t n, const double *matrices, int64_t threads, double *values);

/* The spectrum of a network's recurrent matrix, with theory where there is one. */
int eirnn_spectrum_of_network(eirnn_handle network, eirnn_handle *spectrum);

/* The spectrum of any matrix [n,n]. signs [n], +1 or -1 for each row, gives it the theory of two populations with the mean and variance
 * that they have in the matrix; NULL gives it none. */
int eirnn_spectrum_of_matrix(int64_t n, const double *matrix, const int8_t *signs, eirnn_handle *spectrum);

/* Fixed and slow points under a constant input [I] (NULL: zeros), from starts near moments of trajectories: states [moments,N] as
 * eirnn_network_run gives them. noise: of the starts (0.1 is usual). */
int eirnn_fixed_points(eirnn_handle network, const double *input, int64_t moments, const float *states, int64_t starts, double noise,
                       int64_t seed, int64_t threads, eirnn_handle *points);

#ifdef __cplusplus
}
#endif

#endif
