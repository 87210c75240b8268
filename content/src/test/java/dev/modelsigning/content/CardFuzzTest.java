package dev.modelsigning.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.content.testing.Looked;
import dev.modelsigning.content.testing.MemoryParts;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.TensorDifference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * For any bytes, a reader returns facts or a finding; it never fails, and its memory is limited.
 */
class CardFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void readsOrReportsFrontMatter(byte[] bytes) throws IOException {
    ByteArrayOutputStream card = new ByteArrayOutputStream();
    card.writeBytes("---\n".getBytes(StandardCharsets.UTF_8));
    card.writeBytes(bytes);
    card.writeBytes("\n---\n".getBytes(StandardCharsets.UTF_8));
    requireBounded(Looked.into("README.md", card.toByteArray()));
    if (bytes.length > 0) {
      requireBounded(Looked.into("README.md", bytes));
    }
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrReportsAConfiguration(byte[] bytes) throws IOException {
    if (bytes.length > 0) {
      requireBounded(Looked.into("config.json", bytes));
    }
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrReportsSafetensors(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    requireBounded(Looked.into("a.safetensors", bytes));
    byte[] file =
        ByteBuffer.allocate(8 + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(bytes.length)
            .put(bytes)
            .array();
    requireBounded(Looked.into("a.safetensors", file));
    requireSame("a.safetensors", file);
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrReportsGguf(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    requireBounded(Looked.into("a.gguf", bytes));
    byte[] file =
        ByteBuffer.allocate(8 + bytes.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0x46554747)
            .putInt(3)
            .put(bytes)
            .array();
    requireBounded(Looked.into("a.gguf", file));
    requireSame("a.gguf", file);
  }

  private static void requireSame(String name, byte[] file) throws IOException {
    TensorDifference none =
        ModelTensors.INSTANCE.compare(name, new MemoryParts(file), new MemoryParts(file));
    if (none.problem().isEmpty()) {
      assertThat(none.isSame()).isTrue();
      assertThat(none.metadata()).isFalse();
    }
  }

  private static void requireBounded(FileFacts facts) {
    for (CardEntry entry : facts.card()) {
      assertThat(entry.values()).hasSizeLessThanOrEqualTo(CardEntry.MAX_VALUES);
      assertThat(entry.values()).allMatch(value -> value.length() <= CardEntry.MAX_LENGTH);
    }
    // Who looks for code has findings of its own, which are bounded for each rule.
    assertThat(
            facts.findings().stream().filter(one -> CardRules.all().contains(one.rule())).count())
        .isLessThanOrEqualTo(2);
    facts.findings().forEach(one -> assertThat(one.file()).isPresent());
  }
}
