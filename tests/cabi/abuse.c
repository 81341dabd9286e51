/* Everything that a caller may do wrong: an answer with a code and a sentence, never a crash. Then calls at random, and memory over many
 * trainings.   abuse calls SEED COUNT | abuse wrong | abuse memory CYCLES | abuse threads COUNT */
#include "eirnn.h"
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks;

static void expect(int found, int expected, const char *what) {
    ++checks;
    if (found == expected && (found == 0 || eirnn_last_error()[0] != 0)) return;
    fprintf(stderr, "%s: code %d, expected %d: %s\n", what, found, expected, eirnn_last_error());
    exit(1);
}
#define BAD(call) expect((call), EIRNN_BAD_INPUT, #call)
#define GOOD(call) expect((call), EIRNN_GOOD, #call)

static eirnn_handle tiny(int epochs) {
    eirnn_handle run;
    char text[16];
    snprintf(text, sizeof text, "%d", epochs);
    GOOD(eirnn_run_create(&run));
    GOOD(eirnn_set(run, "units", "4"));
    GOOD(eirnn_set(run, "trials", "60"));
    GOOD(eirnn_set(run, "test_trials", "10"));
    GOOD(eirnn_set(run, "epochs", text));
    return run;
}

static int stop(void *user, const eirnn_progress *progress, eirnn_handle network) { *(eirnn_handle *)user = network; return progress->epoch == 2; }
static int failing(void *user, int64_t trials, uint32_t seed, float *x, float *y, float *mask) { return 7; }
static int ones(void *user, int64_t trials, uint32_t seed, float *x, float *y, float *mask) {
    for (int64_t i = 0; i < trials * 5; i++) { x[i] = (float)(i % 3) - 1; y[i] = i % 2; }
    return 0;
}

static void wrong(void) {
    eirnn_handle run = tiny(3), network, other, spectrum, points, kept = 0;
    int64_t length, a, b, c;
    float w[64] = {0}, nan[64] = {NAN};
    double m[64] = {0}, values[64];
    char text[8];
    eirnn_progress progress;
    BAD(eirnn_run_create(NULL));
    BAD(eirnn_set(0, "units", "4"));
    BAD(eirnn_set(12345, "units", "4"));
    BAD(eirnn_set(run, NULL, "4"));
    BAD(eirnn_set(run, "unit", "4"));
    BAD(eirnn_set(run, "unit", NULL));
    BAD(eirnn_set(run, "units", "four"));
    BAD(eirnn_set(run, "units", "-4"));
    BAD(eirnn_set(run, "units", "1e300"));
    BAD(eirnn_set(run, "learning_rate", "nan"));
    BAD(eirnn_set(run, "units", "\xff\xfe"));
    BAD(eirnn_set(run, "seed", "x"));
    BAD(eirnn_set(run, "threads", "0"));
    BAD(eirnn_set(run, "threads", "99999999999"));
    BAD(eirnn_text(run, "summary", NULL, 0, &length)); /* not trained */
    BAD(eirnn_values(run, "losses", NULL, 0, &length));
    BAD(eirnn_run_network(run, 0, &network));
    BAD(eirnn_text(0, "infos", NULL, 0, &length));
    BAD(eirnn_text(0, "info", NULL, 0, NULL));
    BAD(eirnn_text(0, "info", text, 8, &length));
    BAD(eirnn_text(0, "info", text, -8, &length));
    BAD(eirnn_use("vector99", NULL));
    BAD(eirnn_use(NULL, "/nowhere/lapack.so"));
    BAD(eirnn_set_trials(run, -1, 5, 1, 1, 1, w, w, NULL));
    BAD(eirnn_set_trials(run, 1ll << 40, 1ll << 40, 1, 1, 1, w, w, NULL));
    BAD(eirnn_set_trials(run, 2, 5, 1, 1, 1, NULL, w, NULL));
    BAD(eirnn_set_trials(run, 2, 5, 1, 1, 1, nan, w, NULL));
    BAD(eirnn_set_trials(run, 2, 5, 1, 1, NAN, w, w, NULL));
    BAD(eirnn_set_trials(run, 2, 5, 1, 1, -1, w, w, NULL));
    BAD(eirnn_set_draw(run, 5, 1, 1, 1, NULL, NULL));
    BAD(eirnn_set_draw(run, 0, 1, 1, 1, ones, NULL));
    BAD(eirnn_set_start(run, 0));
    BAD(eirnn_set_start(run, run));
    BAD(eirnn_resume(run, "/nowhere/checkpoint.npz"));
    BAD(eirnn_resume(run, NULL));
    BAD(eirnn_progress_of(run, NULL));
    GOOD(eirnn_progress_of(run, &progress));
    GOOD(eirnn_cancel(run));
    BAD(eirnn_cancel(0));
    BAD(eirnn_task_sizes(run, NULL, &a, &b));
    BAD(eirnn_task_draw(run, 2, -1, w, w, NULL));
    BAD(eirnn_task_draw(run, 0, 1, w, w, NULL));
    BAD(eirnn_task_draw(run, 2, 1, NULL, w, NULL));
    BAD(eirnn_network_create(run, 0, 1, NULL, &network));
    BAD(eirnn_network_create(run, 1, 1, (int8_t *)"\1\2\3\4", &network));
    BAD(eirnn_network_create(run, 1, 1, NULL, NULL));
    BAD(eirnn_network_load("/nowhere", &network));
    BAD(eirnn_network_load(NULL, &network));
    expect(eirnn_train(run, stop, &kept), EIRNN_CANCELLED, "a training that its callback ends");
    BAD(eirnn_free(kept)); /* it held until the callback returned */
    GOOD(eirnn_values(run, "losses", NULL, 0, &length));
    if (length != 2) { fprintf(stderr, "%d epochs kept of a cancelled training, expected 2\n", (int)length); exit(1); }
    GOOD(eirnn_train(run, NULL, NULL));
    BAD(eirnn_values(run, "loss", NULL, 0, &length));
    BAD(eirnn_values(run, "losses", values, 1, &length));
    GOOD(eirnn_values(run, "losses", values, 64, &length));
    BAD(eirnn_run_network(run, 0, NULL));
    GOOD(eirnn_run_network(run, 0, &network));
    BAD(eirnn_network_save(network, "/nowhere/at/all.npz"));
    BAD(eirnn_network_sizes(network, &a, NULL, &b));
    GOOD(eirnn_network_sizes(network, &a, &b, &c));
    BAD(eirnn_network_read(network, "recurrent_kernel", w, 15));
    BAD(eirnn_network_read(network, "recurrent_kernel", NULL, 16));
    BAD(eirnn_network_read(network, "kernels", w, 16));
    BAD(eirnn_network_write(network, "recurrent_kernel", nan, 16));
    BAD(eirnn_network_write(network, "effective_recurrent_kernel", w, 16));
    BAD(eirnn_network_write(network, "bias", w, -4));
    BAD(eirnn_network_signs(network, NULL, 4));
    BAD(eirnn_network_signs(network, (int8_t *)text, 5));
    BAD(eirnn_network_run(network, 1, -5, w, -1, w, NULL));
    BAD(eirnn_network_run(network, 1, 5, nan, -1, w, NULL));
    BAD(eirnn_network_run(network, 1, 5, w, 3, w, NULL)); /* no noise */
    BAD(eirnn_network_run(network, 1, 5, w, -1, NULL, NULL));
    BAD(eirnn_network_copy(network, NULL));
    GOOD(eirnn_network_copy(network, &other));
    BAD(eirnn_eigenvalues(1, -3, m, 0, values));
    BAD(eirnn_eigenvalues(1, 3, NULL, 0, values));
    BAD(eirnn_eigenvalues(1, 3, m, -1, values));
    m[0] = NAN;
    BAD(eirnn_eigenvalues(1, 3, m, 0, values));
    BAD(eirnn_spectrum_of_matrix(3, m, NULL, &spectrum));
    m[0] = 1;
    int8_t signs_of_rows[3] = {1, 0, -1};
    BAD(eirnn_spectrum_of_matrix(3, m, signs_of_rows, &spectrum));
    signs_of_rows[1] = 1;
    GOOD(eirnn_spectrum_of_matrix(3, m, signs_of_rows, &spectrum));
    GOOD(eirnn_free(spectrum));
    GOOD(eirnn_spectrum_of_matrix(3, m, NULL, &spectrum));
    BAD(eirnn_spectrum_of_network(spectrum, &spectrum));
    BAD(eirnn_fixed_points(network, NULL, 0, w, 10, 0.1, 1, 1, &points));
    BAD(eirnn_fixed_points(network, NULL, 1, w, 0, 0.1, 1, 1, &points));
    BAD(eirnn_fixed_points(network, NULL, 1, w, 10, NAN, 1, 1, &points));
    BAD(eirnn_fixed_points(network, NULL, 1, w, 10, 0.1, -1, 1, &points));
    BAD(eirnn_fixed_points(network, NULL, 1, w, 10, 0.1, 1, 0, &points));
    GOOD(eirnn_fixed_points(network, NULL, 1, w, 10, 0.1, 1, 1, &points));
    GOOD(eirnn_values(points, "q", NULL, 0, &length));
    GOOD(eirnn_free(points));
    BAD(eirnn_values(points, "q", NULL, 0, &length));
    GOOD(eirnn_free(other));
    BAD(eirnn_free(other));
    GOOD(eirnn_free(0));
    GOOD(eirnn_set_draw(run, 5, 1, 1, 1, failing, NULL));
    BAD(eirnn_train(run, NULL, NULL));
    GOOD(eirnn_set_draw(run, 5, 1, 1, 1, ones, NULL));
    GOOD(eirnn_train(run, NULL, NULL));
    GOOD(eirnn_set(run, "data", "fresh"));
    BAD(eirnn_train(run, NULL, NULL)); /* trials are those of fixed data */
    GOOD(eirnn_set(run, "trials", NULL));
    GOOD(eirnn_set(run, "epoch_updates", "3"));
    GOOD(eirnn_train(run, NULL, NULL));
    GOOD(eirnn_free(run));
    BAD(eirnn_train(run, NULL, NULL));
    printf("%d answers as they should be\n", checks);
}

/* Any function with any arguments: handles of any kind and age, numbers around the limits, NULL. */
static void calls(unsigned seed, int count) {
    static const char *names[] = {"units", "epochs", "seed", "task", "alpha", "nonsense", "losses", "eigenvalues", "info", "settings", "summary",
                                  "recurrent_kernel", "bias", "description", "states", "", NULL};
    static const char *texts[] = {"1", "3", "0", "-1", "and", "xor", "1e9", "nan", "true", "", NULL, "fresh", "relu", "0.5"};
    static const int64_t numbers[] = {0, 1, 2, 3, 4, 5, 16, -1, INT64_MAX, INT64_MIN, 1 << 20, (int64_t)1 << 33};
    eirnn_handle handles[16] = {0};
    int answers[4] = {0};
    float *f = calloc(1 << 16, sizeof(float));
    double *d = calloc(1 << 16, sizeof(double));
    char *t = calloc(1 << 16, 1);
    srand(seed);
#define PICK(list) list[rand() % (sizeof list / sizeof *list)]
#define SMALL (rand() % 8 ? 1 + rand() % 4 : (int64_t[]){0, -1, INT64_MAX, INT64_MIN}[rand() % 4])
#define F (rand() % 16 ? f : NULL)
    for (int i = 0; i < count; i++) {
        eirnn_handle *to = rand() % 16 ? &handles[rand() % 16] : NULL, h = rand() % 16 ? handles[rand() % 16] : (eirnn_handle)rand();
        eirnn_handle old = to ? *to : 0, made = old;
        int64_t a, b, c;
        int code;
        if (rand() % 64 == 0) f[rand() % 64] = (float[]){NAN, INFINITY, 1e38f, 0, 0.5f}[rand() % 5];
        switch (rand() % 24) {
            case 0: code = eirnn_run_create(to ? &made : NULL);
                if (code == 0) { /* small, so that a training takes a millisecond */
                    eirnn_set(made, "units", "4"); eirnn_set(made, "epochs", "1"); eirnn_set(made, "trials", "60"); eirnn_set(made, "test_trials", "10");
                } break;
            case 1: code = eirnn_set(h, PICK(names), PICK(texts)); break;
            case 2: { int64_t n = SMALL, T = SMALL, I = SMALL; code = eirnn_set_trials(h, n, T, I, 1, 1, F, F, rand() % 2 ? f : NULL); break; }
            case 3: code = eirnn_set_draw(h, SMALL, 1, 1, 1, rand() % 2 ? failing : NULL, NULL); break;
            case 4: code = eirnn_set_start(h, handles[rand() % 16]); break;
            case 5: code = eirnn_train(h, NULL, NULL); break;
            case 6: code = eirnn_run_network(h, rand() % 2, to ? &made : NULL); break;
            case 7: code = eirnn_task_sizes(h, &a, &b, &c); break;
            case 8: { int64_t n = SMALL; code = eirnn_task_draw(h, n, PICK(numbers), F, F, NULL); break; }
            case 9: code = eirnn_network_create(h, SMALL, SMALL, NULL, to ? &made : NULL); break;
            case 10: code = eirnn_network_copy(h, to ? &made : NULL); break;
            case 11: code = eirnn_network_read(h, PICK(names), F, PICK(numbers)); break;
            case 12: code = eirnn_network_write(h, PICK(names), F, PICK(numbers)); break;
            case 13: code = eirnn_network_signs(h, (int8_t *)t, PICK(numbers)); break;
            case 14: code = eirnn_network_run(h, SMALL, SMALL, F, rand() % 3 - 1, F, F); break;
            case 15: code = eirnn_spectrum_of_network(h, to ? &made : NULL); break;
            case 16: code = eirnn_spectrum_of_matrix(SMALL, rand() % 8 ? d : NULL, NULL, to ? &made : NULL); break;
            case 17: code = eirnn_fixed_points(h, NULL, SMALL, F, SMALL, 0.1, SMALL, 1, to ? &made : NULL); break;
            case 18: code = eirnn_text(rand() % 8 ? h : 0, PICK(names), t, 1 << 16, &a); break;
            case 19: code = eirnn_values(h, PICK(names), d, 1 << 16, &a); break;
            case 20: code = eirnn_cancel(h); break;
            case 21: { eirnn_progress p; code = eirnn_progress_of(h, &p); break; }
            case 22: code = eirnn_eigenvalues(SMALL, SMALL, d, 1, d + 1024); break;
            default: code = eirnn_free(h); break;
        }
        if (to && made != old) { eirnn_free(old); *to = made; }
        switch (code) {
            case EIRNN_GOOD: answers[0]++; break;
            case EIRNN_BAD_INPUT: answers[1]++; break;
            case EIRNN_FAILED_COMPUTATION: answers[2]++;
                if (strstr(eirnn_last_error(), "fault of its own")) { fprintf(stderr, "call %d of seed %u: %s\n", i, seed, eirnn_last_error()); exit(1); }
                break;
            default: fprintf(stderr, "call %d of seed %u: code %d\n", i, seed, code); exit(1);
        }
    }
    printf("%d calls: %d good, %d bad input, %d failed computations\n", count, answers[0], answers[1], answers[2]);
}

static long kilobytes(void) {
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    fclose(file);
    return pages * 4;
}

static void cycle(void) {
    eirnn_handle run = tiny(1), network, spectrum;
    GOOD(eirnn_train(run, NULL, NULL));
    GOOD(eirnn_run_network(run, 0, &network));
    GOOD(eirnn_spectrum_of_network(network, &spectrum));
    GOOD(eirnn_free(spectrum));
    GOOD(eirnn_free(network));
    GOOD(eirnn_free(run));
}

static void memory(int cycles) {
    long peaks[2] = {0, 0}; /* of both halves, after a first hundredth: the collector gives memory back now and then */
    for (int i = 0; i < cycles; i++) {
        cycle();
        long now = i % 10 == 0 && i >= cycles / 100 ? kilobytes() : 0, *peak = &peaks[i >= cycles / 2];
        if (now > *peak) *peak = now;
    }
    printf("%d trainings: %ld kB at most in the first half, %ld kB in the second, %ld kB at the end\n", cycles, peaks[0], peaks[1], kilobytes());
    if (peaks[1] > peaks[0] + peaks[0] / 4) { fprintf(stderr, "memory grows\n"); exit(1); }
}

static void *one(void *unused) { cycle(); return unused; }

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "wrong") == 0) wrong();
    else if (argc > 3 && strcmp(argv[1], "calls") == 0) calls((unsigned)atoi(argv[2]), atoi(argv[3]));
    else if (argc > 2 && strcmp(argv[1], "memory") == 0) memory(atoi(argv[2]));
    else if (argc > 2 && strcmp(argv[1], "threads") == 0) {
        int count = atoi(argv[2]);
        pthread_t *threads = calloc(count, sizeof *threads);
        for (int i = 0; i < count; i++) if (pthread_create(&threads[i], NULL, one, NULL)) { perror("pthread_create"); return 1; }
        for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
        printf("%d threads, a network each\n", count);
    }
    return 0;
}
