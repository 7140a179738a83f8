#include <cstdio>
int main() {
    std::puts("rdpfault");
}
