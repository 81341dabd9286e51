/* A training in C, and its weights as a file: they must be those of the program. Also the table of settings, a callback, a spectrum. */
#include "eirnn.h"
#include <stdio.h>
#include <stdlib.h>

static void must(int code) {
    if (code == EIRNN_GOOD) return;
    fprintf(stderr, "code %d: %s\n", code, eirnn_last_error());
    exit(1);
}

static int tell(void *user, const eirnn_progress *progress, eirnn_handle network) {
    int64_t units, inputs, outputs;
    must(eirnn_network_sizes(network, &units, &inputs, &outputs));
    ++*(int *)user;
    printf("epoch %lld of %lld, loss %.9g, %lld units\n", (long long)progress->epoch, (long long)progress->epochs, progress->loss,
           (long long)units);
    return 0;
}

static void print(eirnn_handle handle, const char *what) {
    int64_t length;
    must(eirnn_text(handle, what, NULL, 0, &length));
    char *text = malloc(length);
    must(eirnn_text(handle, what, text, length, &length));
    puts(text);
    free(text);
}

int main(int argc, char **argv) { /* the file for the network, settings as name=text */
    eirnn_handle run, network, spectrum;
    print(0, "info");
    must(eirnn_run_create(&run));
    for (int i = 2; i + 1 < argc; i += 2) must(eirnn_set(run, argv[i], argv[i + 1]));
    int epochs = 0;
    must(eirnn_train(run, tell, &epochs));
    print(run, "summary");
    must(eirnn_run_network(run, 0, &network));
    must(eirnn_network_save(network, argv[1]));
    must(eirnn_spectrum_of_network(network, &spectrum));
    print(spectrum, "summary");
    int64_t length;
    must(eirnn_values(run, "losses", NULL, 0, &length));
    if (length != epochs) { fprintf(stderr, "%d calls after %d epochs\n", epochs, (int)length); return 1; }
    must(eirnn_free(spectrum));
    must(eirnn_free(network));
    must(eirnn_free(run));
    return 0;
}
