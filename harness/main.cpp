#include "harness/cli.hpp"

int main(int argc, char** argv) {
    return rdpfault::harness::cli(argc, argv);
}
