/* Trains a network, tells every epoch, keeps the network as a file, and shows its spectrum.
 *   train FILE [NAME TEXT]...       settings of eirnn train by name: train network.npz task xor units 50 epochs 4
 * The exit code is that of the library: 0 done, 2 bad input, 3 a computation that failed, 130 interrupted (Ctrl-C). */
#include "eirnn.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static volatile sig_atomic_t interrupted;

static void interrupt(int signal) {
    (void)signal;
    interrupted = 1;
}

/* Ends the program with the library's sentence where a call failed. */
static void must(int code) {
    if (code == EIRNN_GOOD) return;
    fprintf(stderr, "%s\n", code == EIRNN_CANCELLED ? "interrupted; nothing was written" : eirnn_last_error());
    exit(code);
}

/* What is not 0 ends the training. */
static int tell(void *user, const eirnn_progress *progress, eirnn_handle network) {
    (void)user;
    (void)network;
    printf("epoch %d of %d: loss %.4f, %.1f s left\n", (int)progress->epoch, (int)progress->epochs, progress->loss, progress->seconds_left);
    fflush(stdout);
    return interrupted;
}

int main(int argc, char **argv) {
    eirnn_handle run = 0, network = 0, spectrum = 0;
    int64_t length;
    if (argc < 2 || argc % 2 != 0) {
        fprintf(stderr, "usage: %s FILE [NAME TEXT]...\n", argv[0]);
        return EIRNN_BAD_INPUT;
    }
    signal(SIGINT, interrupt);
    must(eirnn_run_create(&run));
    for (int i = 2; i < argc; i += 2) must(eirnn_set(run, argv[i], argv[i + 1]));
    must(eirnn_train(run, tell, NULL));
    must(eirnn_run_network(run, 0, &network));
    must(eirnn_network_save(network, argv[1]));

    must(eirnn_spectrum_of_network(network, &spectrum));
    must(eirnn_values(spectrum, "eigenvalues", NULL, 0, &length)); /* first the length, then the values */
    double *values = malloc(length * sizeof *values);
    if (values == NULL) return EIRNN_FAILED_COMPUTATION;
    must(eirnn_values(spectrum, "eigenvalues", values, length, &length));
    printf("%d eigenvalues, the largest %.3f%+.3fi; %s\n", (int)(length / 2), values[0], values[1], argv[1]);

    free(values);
    must(eirnn_free(spectrum));
    must(eirnn_free(network));
    must(eirnn_free(run));
    return EIRNN_GOOD;
}
