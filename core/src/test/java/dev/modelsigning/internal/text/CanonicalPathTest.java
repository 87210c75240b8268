package dev.modelsigning.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {

  @Test
  void ordersNamesByCodePointAndNotByUtf16UnitOrComponent() {
    List<String> names =
        new ArrayList<>(
            List.of(
                "a/b", "a-b", "a.b", "a b", "ab", "a/c/d", "\uff21.bin", "\ud83d\ude00.bin", "a"));
    names.sort(CanonicalPath.CODE_POINT_ORDER);
    assertThat(names)
        .containsExactly(
            "a", "a b", "a-b", "a.b", "a/b", "a/c/d", "ab", "\uff21.bin", "\ud83d\ude00.bin");
  }

  @Test
  void ordersNamesLikeTheirUtf8Bytes() {
    Comparator<String> byBytes =
        (a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    Random random = new Random(1);
    int[] alphabet = {
      'a', 'b', '/', '.', 0x7f, 0x80, 0x7ff, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff
    };
    for (int i = 0; i < 20_000; i++) {
      String a = random(random, alphabet);
      String b = random(random, alphabet);
      assertThat(Integer.signum(CanonicalPath.CODE_POINT_ORDER.compare(a, b)))
          .as("%s and %s", a, b)
          .isEqualTo(Integer.signum(byBytes.compare(a, b)));
    }
  }

  private static String random(Random random, int[] alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a/b",
        "...",
        "a/...",
        ".a",
        "..a",
        "a..",
        "a b",
        " ",
        "a\\b",
        "C:",
        "a\nb",
        "%2e",
        "\ud83d\ude00",
        "e\u0301",
        "\ufffd"
      })
  void takesOrdinaryNames(String name) {
    assertThat(CanonicalPath.problem(name)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "./a",
        "../a",
        "a/.",
        "a/..",
        "a/../b",
        "a/./b",
        "//",
        "a\0",
        "\ud83d",
        "\ude00x",
        "a/\ud83d/b"
      })
  void findsTheProblemOfOtherNames(String name) {
    assertThat(CanonicalPath.problem(name)).isNotNull();
  }
}
