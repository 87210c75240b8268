package dev.modelsigning.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Archives in the format of the JVM: a header of 256 bytes, followed by one region. */
class ClassArchiveTest {

  private static final int HEADER = 256;
  private static final int REGION = 64;
  private static final int AGE = HEADER + 40;

  @Test
  void takesTheAgeOfTheMachineOutOfTwoArchives() throws BuildException {
    byte[] one = ClassArchive.withoutAge(archive(63_780_739, 7), archive(63_784_040, 7));
    byte[] other = ClassArchive.withoutAge(archive(5_000, 7), archive(6_000, 7));

    assertThat(one).isEqualTo(other).isEqualTo(archive(0, 7));
  }

  @Test
  void leavesTwoArchivesAloneThatAreTheSame() throws BuildException {
    assertThat(ClassArchive.withoutAge(archive(0, 7), archive(0, 7))).isEqualTo(archive(0, 7));
  }

  @Test
  void refusesArchivesThatDifferInMoreThanTheirAge() {
    assertThatThrownBy(() -> ClassArchive.withoutAge(archive(0, 7), archive(0, 1L << 40)))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("differ at " + HEADER);
    // An uptime that decreases.
    assertThatThrownBy(() -> ClassArchive.withoutAge(archive(6_000, 7), archive(5_000, 7)))
        .isInstanceOf(BuildException.class);
  }

  @Test
  void refusesAnArchiveWhoseHeaderIsOfAnotherForm() {
    byte[] one = archive(5_000, 7);
    byte[] other = archive(6_000, 7);
    one[REGION]++;

    assertThatThrownBy(() -> ClassArchive.withoutAge(one, other))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("no checksum");
    assertThatThrownBy(() -> ClassArchive.withoutAge(new byte[512], new byte[513]))
        .isInstanceOf(BuildException.class);
    assertThatThrownBy(() -> ClassArchive.withoutAge(new byte[512], new byte[512]))
        .isInstanceOf(BuildException.class);
  }

  private static byte[] archive(long age, long content) {
    ByteBuffer archive = ByteBuffer.allocate(HEADER + 64).order(ByteOrder.LITTLE_ENDIAN);
    archive.putInt(12, HEADER);
    archive.putLong(HEADER, content);
    archive.putLong(AGE, age);
    archive.putLong(REGION + 24, HEADER);
    archive.putLong(REGION + 40, 64);
    archive.putInt(REGION, checksum(archive.array(), HEADER, 64));
    archive.putInt(4, checksum(archive.array(), 16, HEADER - 16));
    return archive.array();
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }
}
