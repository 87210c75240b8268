package dev.modelsigning.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.manifest.Serialization;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Resources are written in blocks and read without objects, and are the same as one by one. */
class StatementJsonTest {

  private static List<ResourceDescriptor> resources(HashAlgorithm algorithm) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "a",
                "a\"quoted\"",
                "a\\b",
                "b\n\t\u0001\u001f",
                "c\u007f\u2028/\u6a21\u578b/\ud83d\ude00",
                "d".repeat(50_000),
                "e\"".repeat(50_000)));
    for (int i = 0; i < 20_000; i++) {
      names.add("f/" + i);
    }
    List<ResourceDescriptor> resources = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      byte[] digest = new byte[algorithm.digestLength()];
      digest[0] = (byte) i;
      digest[1] = (byte) (i >> 8);
      resources.add(new ResourceDescriptor(names.get(i), Digest.of(algorithm, digest)));
    }
    return resources;
  }

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void writesResourcesAsOneByOneAndReadsThemBack(HashAlgorithm algorithm) throws Exception {
    List<ResourceDescriptor> resources = resources(algorithm);
    Manifest manifest =
        new Manifest(new Serialization.Files(algorithm, false, List.of()), resources);
    assertThat(manifest.resources()).isEqualTo(resources);
    Statement statement = Statement.about("model", manifest);

    byte[] oneByOne =
        JsonWriter.document(json ->
            json.array(
                "resources",
                list ->
                    resources.forEach(resource ->
                        list.object(fields ->
                            fields
                                .string("name", resource.name())
                                .string("algorithm", algorithm.id())
                                .string("digest", resource.digest().hex())))));
    String expected = new String(oneByOne, StandardCharsets.UTF_8);
    String written = new String(statement.toPayload().content().toArray(), StandardCharsets.UTF_8);
    assertThat(written).contains(expected.substring(1, expected.length() - 1));
    assertThat(StatementJson.read(statement.toPayload().content())).isEqualTo(statement);
  }

  @Test
  void tellsManifestsApartByOrderNameAndDigest() {
    List<ResourceDescriptor> resources = resources(HashAlgorithm.SHA256).subList(0, 3);
    Serialization files = new Serialization.Files(HashAlgorithm.SHA256, false, List.of());
    Manifest manifest = new Manifest(files, resources);
    List<ResourceDescriptor> reversed =
        List.of(resources.get(2), resources.get(1), resources.get(0));
    List<ResourceDescriptor> renamed =
        List.of(
            resources.get(0),
            resources.get(1),
            new ResourceDescriptor("z", resources.get(2).digest()));
    List<ResourceDescriptor> changed =
        List.of(
            resources.get(0),
            resources.get(1),
            new ResourceDescriptor(resources.get(2).name(), resources.get(1).digest()));

    assertThat(new Manifest(files, resources)).isEqualTo(manifest).hasSameHashCodeAs(manifest);
    for (List<ResourceDescriptor> other :
        List.of(reversed, renamed, changed, resources.subList(0, 2))) {
      assertThat(new Manifest(files, other)).isNotEqualTo(manifest);
    }
    assertThat(new Manifest(files, reversed).isInCanonicalOrder()).isFalse();
    assertThat(new Manifest(files, reversed).resources()).isEqualTo(reversed);
  }
}
