package dev.modelsigning.cli.admission;

import static dev.modelsigning.cli.admission.Reviews.DIGEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r.example/team/m@",
        "oci://r.example/team/m@",
        "OCI://R.Example/team/m@",
        "r.example/team/m:1@",
        "R.EXAMPLE/team/m:latest@"
      })
  void readsWhatIsNamedByItsDigest(String name) {
    assertThat(ModelName.parse(name + DIGEST)).hasToString("oci://r.example/team/m@" + DIGEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost/m@", "r:5000/m@", "127.0.0.1:5000/m@", "[::1]:5000/m@"})
  void readsOtherHosts(String name) {
    assertThat(ModelName.parse(name + DIGEST)).hasToString("oci://" + name + DIGEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r.example/m:1 | it is named by the tag 1, which may lead elsewhere",
        "r.example/m | it has no digest, so the tag latest is meant, which may lead elsewhere",
        "oci://r.example/m | name it by its digest, r.example/m@sha256:DIGEST",
        "r.example:5000/m | name it by its digest, r.example:5000/m@sha256:DIGEST",
        "m@DIGEST | it names no registry; write HOST/REPOSITORY@sha256:DIGEST",
        "library/m@DIGEST | it names no registry",
        "'' | it names nothing",
        "r.example/M@DIGEST | a repository has lower-case letters",
        "r.example/../m@DIGEST | a repository has lower-case letters",
        "r.example//m@DIGEST | a repository has lower-case letters",
        "r.example/m@sha256:AB | expected a digest, 'sha256:' and 64 lower-case",
        "r.example/m@sha512:abcd | digests of sha512 are not supported",
        "r.example/m@DIGEST@DIGEST | a reference has no user and no password",
        "r.example/m?x=1@DIGEST | a repository has lower-case letters",
        "r.example:0/m@DIGEST | a port is between 1 and 65535",
        "r.example:99999/m@DIGEST | a port is between 1 and 65535",
        "r.example:/m@DIGEST | the host is missing or malformed",
        "r.example./m@DIGEST | the host is missing or malformed",
        "r_x.example/m@DIGEST | the host is missing or malformed",
        "https://r.example/m@DIGEST | it is no model in a registry; write HOST/REPOSITORY",
        "s3://bucket/m | it is no model in a registry",
        "oci:///m@DIGEST | the host is missing or malformed",
        "r.exámple/m@DIGEST | the host is missing or malformed",
      })
  void refuses(String name, String why) {
    assertThatThrownBy(() -> ModelName.parse(name.replace("DIGEST", DIGEST)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .message()
        .contains("@sha256:")
        .doesNotContain("oci://", "log in");
  }

  @Test
  void showsNoPassword() {
    for (String name :
        List.of(
            "anna:s3cret@r.example/m@" + DIGEST,
            "oci://anna:s3cret@r.example/m:1",
            "anna:s3cret@r.example/m:1",
            "anna:s3cret@r.example/m@" + DIGEST + "?token=s3cret",
            "https://anna:s3cret@r.example/m")) {
      assertThatThrownBy(() -> ModelName.parse(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .doesNotContain("s3cret");
    }
  }

  @Test
  void boundsTheLength() {
    assertThatThrownBy(() -> ModelName.parse("r.example/" + "m".repeat(2000) + "@" + DIGEST))
        .hasMessageContaining("a name has at most 1024 characters");
  }
}
