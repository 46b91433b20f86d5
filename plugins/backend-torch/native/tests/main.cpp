#include <cstdio>
#include <exception>
#include <string>

#include "test.h"

// Runs the tests whose name contains the argument, all without one.
int main(int count, char** arguments) {
  const std::string wanted = count > 1 ? arguments[1] : "";
  int ran = 0, failed = 0;
  for (const dna::tests::Test& test : dna::tests::tests()) {
    if (std::string(test.name).find(wanted) == std::string::npos) continue;
    ++ran;
    try {
      test.body();
    } catch (const std::exception& error) {
      ++failed;
      std::printf("FAILED %s: %s\n", test.name, error.what());
    }
  }
  std::printf("%d tests, %d failed\n", ran, failed);
  return ran == 0 || failed > 0 ? 1 : 0;
}
