package dev.modelsigning.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3ReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "s3://models/bert, models, bert, false, bert",
    "S3://models/a/b c+%20/, models, a/b c+%20, true, b c+%20",
    "s3://models/, models, '', true, models",
    "s3://my.models, my.models, '', true, my.models",
  })
  void namesABucketAndAKey(String text, String bucket, String key, boolean directory, String name) {
    S3Reference reference = S3Reference.parse(text);

    assertThat(reference).isEqualTo(new S3Reference(bucket, key, directory));
    assertThat(reference.name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://models//a",
        "s3://models/a//b",
        "s3://models/../a",
        "s3://models/a/./b",
        "s3://models/a//",
        "s3://Models/a",
        "s3://m/a",
        "s3://a..b/a",
        "s3:///a",
        "s3:/models/a",
        "https://models/a",
        "s3://models:80/a",
      })
  void refusesWhatCannotBeAModel(String text) {
    assertThatThrownBy(() -> S3Reference.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doesNotShowAPassword() {
    assertThatThrownBy(() -> S3Reference.parse("s3://user:S3CRET@models/a"))
        .hasMessageContaining("credentials come from the environment only")
        .hasMessageNotContaining("S3CRET");
  }
}
