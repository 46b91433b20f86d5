// Tests in C++: a file registers its own with DNA_TEST, `main.cpp` runs them all.
#pragma once

#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace dna::tests {

struct Test {
  const char* name;
  std::function<void()> body;
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

struct TestRegistration {
  TestRegistration(const char* name, std::function<void()> body) { tests().push_back({name, std::move(body)}); }
};

// Throws with the text of all parts unless it holds.
template <typename... Parts>
void expect(bool holds, const Parts&... parts) {
  if (holds) return;
  std::ostringstream text;
  text.precision(9);
  (text << ... << parts);
  throw std::runtime_error(text.str());
}

}  // namespace dna::tests

// DNA_TEST(batchNormOfOneRow) { … }
#define DNA_TEST(name)                                                               \
  static void test_##name();                                                         \
  static const dna::tests::TestRegistration registration_##name{#name, test_##name}; \
  static void test_##name()
