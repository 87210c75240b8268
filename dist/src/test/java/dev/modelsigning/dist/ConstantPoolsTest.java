package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The constants of a class that an archive is told to resolve. */
class ConstantPoolsTest {

  /**
   * A class file up to its constant pool, with these kinds of constants. Classes have the name at
   * 1, and fields and methods are of the class at 2.
   */
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
        case 7, 8, 16, 19, 20 -> out.writeShort(1);
        case 15 -> out.write(new byte[] {7, 7, 7});
        default -> out.writeInt(0x00020007);
      }
    }
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }

  private static List<Integer> resolvable(DataInputStream in) throws Exception {
    return ConstantPools.resolvable("A", in, Set.of("text"));
  }

  @Test
  void namesClassesFieldsMethodsAndCallSites() throws Exception {
    assertThat(resolvable(classWith(1, 7, 3, 9, 8, 10, 4, 11, 12, 18)))
        .containsExactly(2, 4, 6, 8, 10);
  }

  @Test
  void countsLongsAndDoublesTwice() throws Exception {
    assertThat(resolvable(classWith(1, 7, 5, 6, 15, 16, 17, 19, 20, 10))).containsExactly(2, 12);
  }

  /** Those would be added to the archive, and set up whenever a JVM starts. */
  @Test
  void leavesOutWhatTheArchiveDoesNotHave() throws Exception {
    assertThat(ConstantPools.resolvable("A", classWith(1, 7, 9, 10, 11, 18), Set.of("other")))
        .containsExactly(6);
  }

  @Test
  void takesTheElementsOfArrays() throws Exception {
    for (String array : List.of("[Lmy/Type;", "[[Lmy/Type;")) {
      assertThat(ConstantPools.resolvable("A", naming(array), Set.of("my/Type")))
          .containsExactly(1);
      assertThat(ConstantPools.resolvable("A", naming(array), Set.of("Type"))).isEmpty();
    }
    assertThat(ConstantPools.resolvable("A", naming("[[I"), Set.of("I"))).isEmpty();
  }

  /** A class file up to its constant pool, which has a class of this name. */
  private static DataInputStream naming(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(0xcafebabe_00000045L);
    out.writeShort(3);
    out.writeByte(7);
    out.writeShort(2);
    out.writeByte(1);
    out.writeUTF(name);
    return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
  }

  @Test
  void refusesAConstantThatItDoesNotKnow() {
    assertThatThrownBy(() -> resolvable(classWith(7, 2)))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("class A")
        .hasMessageContaining("kind 2");
    assertThatThrownBy(() -> resolvable(classWith(1, 3, 9)))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("at 3");
  }
}
