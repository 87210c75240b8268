package dev.modelsigning.pkcs11.internal.cryptoki;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Offsets in the C structures, as compilers of these platforms lay them out. */
class StructureLayoutTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // name, CK_ULONG, pointer, packed: list[0], entry: pointer, length, size; args: flags, size;
    // info
    "Linux and macOS of 64 bits, 8, 8, false, 8, 8, 16, 24, 32, 48, 48",
    "Linux of 32 bits,           4, 4, false, 4, 4,  8, 12, 16, 24, 40",
    "Windows of 64 bits,         4, 8, true,  2, 4, 12, 16, 32, 44, 38"
  })
  void knowsWhereFieldsLie(
      String platform,
      int longSize,
      int pointerSize,
      boolean packed,
      int firstFunction,
      int entryPointer,
      int entryLength,
      int entrySize,
      int initializeFlags,
      int initializeSize,
      int description) {
    StructureLayout layout = new StructureLayout(longSize, pointerSize, packed);
    assertThat(layout.function(0)).isEqualTo(firstFunction);
    assertThat(layout.function(43)).isEqualTo(firstFunction + 43 * pointerSize);
    assertThat(layout.entryPointer()).isEqualTo(entryPointer);
    assertThat(layout.entryLength()).isEqualTo(entryLength);
    assertThat(layout.entrySize()).isEqualTo(entrySize);
    assertThat(layout.initializeFlags()).isEqualTo(initializeFlags);
    assertThat(layout.initializeSize()).isEqualTo(initializeSize);
    assertThat(layout.libraryDescription()).isEqualTo(description);
  }
}
