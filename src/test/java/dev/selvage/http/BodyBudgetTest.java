package dev.selvage.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  @Test
  void refusesWhatOtherRequestsHold() {
    BodyBudget budget = new BodyBudget(10);
    budget.take(10);

    HttpFailure e = assertThrows(HttpFailure.class, () -> budget.take(1));
    assertEquals("1", e.response().headers().get("Retry-After"));
    budget.giveBack(4);
    budget.take(4);
    assertThrows(HttpFailure.class, () -> budget.take(1));
  }

  @Test
  void bodiesCountWhileTheirRequestRuns() {
    Routes routes = new Routes().post("/", r -> Response.json(r.body(100).length));
    try (HttpService service =
        HttpService.start(Listen.local(0), routes, (route, status, time, in, out) -> {}, 10)) {
      TestClient client = new TestClient(service);
      for (int i = 0; i < 5; i++) {
        assertEquals("8", client.post("/", "12345678").body());
      }
      HttpResponse<String> refused = client.post("/", "x".repeat(50));
      assertEquals(503, refused.statusCode());
      assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
    }
  }
}
