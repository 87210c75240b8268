package dev.modelsigning.policy.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.policy.internal.lint.PolicyLint;
import dev.modelsigning.policy.internal.tree.Refusals;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any file is a policy or is refused with its place; nothing else happens, and not for long. */
class PolicyFuzzTest {

  private static final Duration BOUND = Duration.ofMinutes(2);

  private static final int ROUNDS = 3_000;

  /** What is put in: signs of YAML and JSON, words of the language, and what others expand. */
  private static final List<String> PIECES =
      List.of(
          "\n",
          "\r",
          "\t",
          " ",
          "  ",
          ":",
          ": ",
          "- ",
          "? ",
          ",",
          "{",
          "}",
          "[",
          "]",
          "\"",
          "'",
          "|",
          ">",
          "#",
          "&a ",
          "*a",
          "!!str ",
          "! ",
          "%YAML 1.1\n",
          "---\n",
          "...\n",
          "<<: ",
          "\\",
          "\\u0000",
          "\\uD800",
          "\0",
          "\u001b",
          "\u202e",
          "\ufeff",
          "\ud83d\ude00",
          "~",
          "null",
          "true",
          "0",
          "1",
          "-1",
          "1e9",
          "99999999999",
          "**",
          "..",
          "../",
          "/",
          "(a+)+",
          "{1000}",
          "((a{100}){100}){100}",
          "\\Q",
          "[[:",
          "(?P<",
          "sha256:",
          "180d",
          "all",
          "key",
          "sigstore",
          "certificate",
          "match",
          "of",
          "type",
          "cyclonedx",
          "vsa");

  static Stream<Arguments> policies() {
    return Stream.of(
            Policies.BANK, Policies.withAttestation("vsa", "verifier: v"), "{\"version\": 1}")
        .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)));
  }

  @MethodSource("policies")
  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAnyBytes(byte[] bytes) {
    readOrRefuse(bytes);
  }

  @Test
  void readsOrRefusesChangedPolicies() {
    Random random = new Random(19);
    byte[] good = Policies.BANK.getBytes(StandardCharsets.UTF_8);
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          int read = 0;
          for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = good;
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
              bytes = changed(bytes, random);
            }
            read += readOrRefuse(bytes) ? 1 : 0;
          }
          assertThat(read).as("policies that are still good").isBetween(20, ROUNDS / 2);
        });
  }

  private static byte[] changed(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return bytes;
    }
    byte[] copy = bytes.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> copy[at] = (byte) random.nextInt(256);
      case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        int length = random.nextInt(Math.min(40, bytes.length - at)) + 1;
        return joined(bytes, at, new byte[0], at + Math.min(length, bytes.length - at));
      }
      default -> {
        String piece = PIECES.get(random.nextInt(PIECES.size()));
        int times = random.nextInt(20) == 0 ? 500 : 1;
        return joined(bytes, at, piece.repeat(times).getBytes(StandardCharsets.UTF_8), at);
      }
    }
    return copy;
  }

  private static byte[] joined(byte[] bytes, int end, byte[] between, int from) {
    byte[] result = new byte[end + between.length + bytes.length - from];
    System.arraycopy(bytes, 0, result, 0, end);
    System.arraycopy(between, 0, result, end, between.length);
    System.arraycopy(bytes, from, result, end + between.length, bytes.length - from);
    return result;
  }

  /** Whether it is a policy. */
  private static boolean readOrRefuse(byte[] bytes) {
    PolicyDraft draft = PolicyParser.read("p.yaml", Policies.DIRECTORY, bytes);
    draft.understood().rules().forEach(rule -> rule.match().matches("fraud/v1/model"));
    PolicyLint.problems(draft).forEach(problem -> assertThat(problem.place().line()).isPositive());
    assertThat(draft.refusals()).hasSizeLessThanOrEqualTo(Refusals.MOST);
    try {
      PolicyParser.parse("p.yaml", Policies.DIRECTORY, bytes);
      assertThat(draft.isWhole()).isTrue();
      return true;
    } catch (MalformedPolicyException e) {
      assertThat(e.getMessage())
          .isEqualTo(draft.refusals().get(0).getMessage())
          .startsWith("p.yaml:" + e.line() + ": ");
      assertThat(draft.refusals()).extracting(MalformedPolicyException::line).isSorted();
      assertThat(e.line()).isPositive();
      return false;
    }
  }
}
