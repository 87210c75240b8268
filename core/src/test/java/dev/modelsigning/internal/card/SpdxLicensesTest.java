package dev.modelsigning.internal.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our list of licences against the one that SPDX publishes, and what CycloneDX accepts of it. */
class SpdxLicensesTest {

  private static JsonNode resource(String name) throws Exception {
    try (InputStream in =
        Objects.requireNonNull(SpdxLicensesTest.class.getResourceAsStream(name))) {
      return JsonMapper.shared().readTree(in);
    }
  }

  @Test
  void hasAllIdentifiersOfTheListAndNoOthers() throws Exception {
    JsonNode list = resource("/licenses/licenses.json");
    assertThat(list.get("licenseListVersion").asString()).startsWith("3.27");
    Set<String> published = new TreeSet<>(list.findValuesAsString("licenseId"));
    Set<String> accepted = new TreeSet<>();
    resource("/spdx.schema.json").get("enum").forEach(one -> accepted.add(one.asString()));

    for (String id : published) {
      assertThat(SpdxLicenses.id(id))
          .as(id)
          .isEqualTo(accepted.contains(id) ? Optional.of(id) : Optional.empty());
      assertThat(SpdxLicenses.id(id.toUpperCase(Locale.ROOT))).isEqualTo(SpdxLicenses.id(id));
    }
    for (String id : accepted) {
      assertThat(SpdxLicenses.id(id).isPresent()).as(id).isEqualTo(published.contains(id));
    }
    assertThat(published).filteredOn(id -> !accepted.contains(id)).isEmpty();
  }
}
