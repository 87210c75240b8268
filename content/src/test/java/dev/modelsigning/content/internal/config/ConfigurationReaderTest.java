package dev.modelsigning.content.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.facts.FileFacts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The amount of a configuration that is read. */
class ConfigurationReaderTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 30, 100})
  void readsUpToItsBoundAndSaysSo(int blockSize) {
    byte[] json =
        "{\"auto_map\":{\"A\":\"m.X\",\"B\":\"m.Y\"}}".getBytes(StandardCharsets.US_ASCII);
    FileStart file = FileStart.of("config.json", json.length, ByteBuffer.wrap(json));
    ConfigurationReader reader = new ConfigurationReader(file, 23);
    boolean more = true;
    for (int at = 0; more && at < json.length; at += blockSize) {
      more = reader.accept(ByteBuffer.wrap(json, at, Math.min(blockSize, json.length - at)));
    }
    FoundFacts found = new FoundFacts("config.json");
    reader.end(found);
    FileFacts facts = found.facts();
    assertThat(facts.runnable()).hasSize(1);
    assertThat(facts.runnable().get(0).names()).containsExactly("m.X");
    assertThat(facts.findings()).hasSize(1);
    assertThat(facts.findings().get(0).message()).contains("more than 23 bytes");
  }
}
