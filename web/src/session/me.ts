import { useQuery } from "@tanstack/react-query";
import { $api, api, ok, type User } from "../api";

const { queryKey } = $api.queryOptions("get", "/api/auth/me");

/** Who is signed in; null if nobody is. */
export function useMe() {
  return useQuery<User | null>({
    queryKey,
    queryFn: async () => {
      const answer = await api.GET("/api/auth/me");
      return answer.response.status === 401 ? null : ok(answer);
    },
    staleTime: 60_000,
  });
}
