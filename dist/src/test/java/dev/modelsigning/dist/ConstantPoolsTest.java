package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The constants of a class that an archive is told to resolve. */
class ConstantPoolsTest {

  /** A class file up to its constant pool, with these kinds of constants. */
  private static DataInputStream classWith(int... tags) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(0xcafebabe_00000045L);
    int places = 1;
    for (int tag : tags) {
      places += tag == 5 || tag == 6 ? 2 : 1;
    }
    out.writeShort(places);
    for (int tag : tags) {
      out.writeByte(tag);
      switch (tag) {
        case 1 -> out.writeUTF("text");
        case 5, 6 -> out.writeLong(7);
        case 7, 8, 16, 19, 20 -> out.writeShort(7);
        case 15 -> out.write(new byte[] {7, 7, 7});
        default -> out.writeInt(0x07070707);
      }
    }
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Test
  void namesClassesFieldsMethodsAndCallSites() throws Exception {
    assertThat(ConstantPools.resolvable("A", classWith(1, 7, 3, 9, 8, 10, 4, 11, 12, 18)))
        .containsExactly(2, 4, 6, 8, 10);
  }

  @Test
  void countsLongsAndDoublesTwice() throws Exception {
    assertThat(ConstantPools.resolvable("A", classWith(5, 7, 6, 15, 16, 17, 19, 20, 10)))
        .containsExactly(3, 11);
  }

  @Test
  void refusesAConstantThatItDoesNotKnow() {
    assertThatThrownBy(() -> ConstantPools.resolvable("A", classWith(7, 2)))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("class A")
        .hasMessageContaining("kind 2");
  }
}
