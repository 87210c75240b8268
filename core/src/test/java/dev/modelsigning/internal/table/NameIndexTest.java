package dev.modelsigning.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.ManifestBuilder;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.HashAlgorithm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Names in few arrays: found, sorted and compared like strings, even with hash collisions. */
class NameIndexTest {

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static NameTable table(List<String> names) {
    NameTable table = new NameTable();
    for (String name : names) {
      byte[] padded = utf8("xx" + name + "yy");
      table.add(padded, 2, padded.length - 2);
    }
    return table;
  }

  private static List<String> names(int number) {
    Random random = new Random(number);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      String path =
          random.nextInt(5) == 0 ? "\ud83d\ude00/" : random.nextInt(5) == 0 ? "\uffee/" : "a/";
      names.add(path + i + "b".repeat(random.nextInt(300)));
    }
    names.add("long" + "x".repeat(3_000_000));
    names.add("last");
    Collections.shuffle(names, random);
    return names;
  }

  /** Names of one hash code: {@code Aa} and {@code BB} are alike to a polynomial with 31. */
  private static List<String> colliding(int bits) {
    return IntStream.range(0, 1 << bits)
        .mapToObj(i -> {
          StringBuilder name = new StringBuilder();
          for (int bit = 0; bit < bits; bit++) {
            name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
          }
          return name.toString();
        })
        .toList();
  }

  @Test
  void findsEveryNameAndNoOther() {
    for (List<String> names : List.of(names(0), names(5000), colliding(6), colliding(12))) {
      NameIndex index = new NameIndex(table(names));
      assertThat(index.duplicate()).isEqualTo(-1);
      for (int i = 0; i < names.size(); i++) {
        assertThat(index.find(utf8(names.get(i)))).isEqualTo(i);
      }
      for (String other : new String[] {"", "zzz", "a", "Aa", names.get(0) + "x", "AaAaAaAaAaBC"}) {
        assertThat(index.find(utf8(other))).isEqualTo(names.indexOf(other));
      }
    }
  }

  @Test
  void sortsByCodePoint() {
    List<String> names = names(5000);
    int[] order = table(names).order();
    List<String> expected = new ArrayList<>(names);
    expected.sort(CanonicalPath.CODE_POINT_ORDER);
    assertThat(IntStream.of(order).mapToObj(names::get)).containsExactlyElementsOf(expected);
    assertThat(table(expected).firstNotAscending()).isEqualTo(-1);
    assertThat(table(List.of("a", "b", "b")).firstNotAscending()).isEqualTo(2);
  }

  @Test
  void findsTheFirstNameThatComesTwice() {
    for (List<String> names : List.of(names(1000), colliding(10))) {
      List<String> twice = new ArrayList<>(names);
      twice.add(names.get(500));
      twice.add(names.get(3));
      assertThat(new NameIndex(table(twice)).duplicate()).isEqualTo(names.size());
      twice.add(4, names.get(2));
      assertThat(new NameIndex(table(twice)).duplicate()).isEqualTo(4);
    }
  }

  @Test
  void findsNamesBelowADirectory() {
    NameIndex index = new NameIndex(table(List.of("b/c/d", "a", "b-c", "z/y")));
    for (String prefix : new String[] {"b/", "b/c/", "z/", "a"}) {
      assertThat(index.hasNameWithPrefix(utf8(prefix))).as(prefix).isTrue();
    }
    for (String prefix : new String[] {"a/", "b/c/d/", "c/", "zz", "b-/"}) {
      assertThat(index.hasNameWithPrefix(utf8(prefix))).as(prefix).isFalse();
    }
  }

  /** A signer chooses the names; 131,072 comparisons with all others would take minutes. */
  @Test
  void isNotSlowWhereHashCodesCollide() {
    List<String> names = colliding(17);
    NameTable table = table(names);
    Assertions.assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          NameIndex index = new NameIndex(table);
          for (String name : names) {
            assertThat(index.find(utf8(name))).isNotNegative();
          }
        });
  }

  /** Names in consecutive slots, each found immediately; others would probe all of them. */
  @Test
  void isNotSlowWhereOthersMeetAllNamesOneAfterTheOther() {
    int number = 1 << 17;
    int mask = 4 * number - 1;
    List<String> names = new ArrayList<>(Collections.nCopies(number, ""));
    for (int i = 0, found = 0; found < number; i++) {
      String name = Integer.toString(i, Character.MAX_RADIX);
      int slot = NameTable.hash(utf8(name), 0, name.length()) & mask;
      if (slot < number && names.set(slot, name).isEmpty()) {
        found++;
      }
    }
    NameIndex index = new NameIndex(table(names));
    assertThat(index.find(utf8(names.get(number - 1)))).isEqualTo(number - 1);
    Assertions.assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 1_000_000; i++) {
            assertThat(index.find(utf8("no-" + i)) < 0).isTrue();
          }
        });
  }

  // Resources that are wrong

  private static void add(ManifestBuilder builder, String name, String digest) {
    builder.add(utf8(name), utf8(name).length, utf8(digest), utf8(digest).length);
  }

  private static final String GOOD = "0a".repeat(32);

  @Test
  void tellsOfTheFirstResourceThatIsWrong() {
    for (String[] bad :
        new String[][] {
          {"../x", GOOD, "the name '../x' is not canonical"},
          {"x", "0A".repeat(32), "lower-case hexadecimal"},
          {"x", "0a".repeat(31), "64 hexadecimal digits, this one has 62"},
          {"x", GOOD + "0", "64 hexadecimal digits, this one has 65"},
          {"x", "0a".repeat(64), "64 hexadecimal digits, this one has 128"},
          {"x", "0a".repeat(100_000), "64 hexadecimal digits, this one has 200000"},
          {"x", "", "64 hexadecimal digits, this one has 0"},
          {"x\u0000", GOOD, "NUL"},
          {"../x", "", "64 hexadecimal digits"},
        }) {
      for (int before : new int[] {0, 1, 3}) {
        ManifestBuilder builder = new ManifestBuilder();
        for (int i = 0; i < before; i++) {
          add(builder, "a" + i, GOOD);
        }
        add(builder, bad[0], bad[1]);
        add(builder, "/later", "worse");
        ManifestBuilder.Problem problem = builder.problem(HashAlgorithm.SHA256).orElseThrow();
        assertThat(problem.index()).isEqualTo(before);
        assertThat(problem.message()).contains(bad[2]);
        assertThatThrownBy(() ->
                builder.build(new Serialization.Files(HashAlgorithm.SHA256, false, List.of())))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(problem.message());
      }
    }
  }

  @Test
  void takesDigestsOfAnotherAlgorithmForWrongOnes() {
    ManifestBuilder builder = new ManifestBuilder();
    add(builder, "a", GOOD);
    assertThat(builder.problem(HashAlgorithm.SHA256)).isEmpty();
    assertThat(builder.problem(HashAlgorithm.BLAKE2B).orElseThrow().message())
        .contains("128 hexadecimal digits, this one has 64");
  }
}
