/* The simple form of the law in scalar C: one person after another, four bytes each.

   With -DCOUNTER every draw is a hash of (luck, person, draw), as in our kernels; without it, draws come from
   a stream (xoshiro256+, Blackman & Vigna 2021), which is less work and cannot be repeated in parts. */

#include <stdint.h>

typedef struct {
    float keep;
    uint16_t dest, km, other_dest, other_km;
} road_t;

static inline uint64_t mix(uint64_t x, uint64_t word)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return (x ^ (x >> 31)) + 0x9E3779B97F4A7C15ULL + word;
}

#ifdef COUNTER
#define DRAW(number) counter(luck, (uint64_t)i, (uint64_t)(number))
static inline double counter(uint64_t luck, uint64_t person, uint64_t draw)
{
    uint64_t x = mix(mix(luck, person), draw);
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return (double)((x ^ (x >> 31)) >> 11) * 0x1.0p-53;
}
#else
#define DRAW(number) stream(s)
static inline uint64_t turn(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
static inline double stream(uint64_t *s)
{
    const uint64_t result = s[0] + s[3], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turn(s[3], 45);
    return (double)(result >> 11) * 0x1.0p-53;
}
#endif

/* One day of `count` people. place: where, or whereto; to_go: km left to it, 0 there. stock: people in each
   place this evening. */
void live_a_day(uint16_t *place, uint16_t *to_go, int64_t count, const double *chance, const int32_t *ptr,
                const road_t *roads, int32_t speed, uint64_t luck, int64_t *stock)
{
#ifndef COUNTER
    uint64_t s[4];
    for (int k = 0; k < 4; k++)
        s[k] = mix(luck, (uint64_t)k);
#endif
    for (int64_t i = 0; i < count; i++) {
        int32_t at = place[i], need = to_go[i], left = speed, draw = 0;
        for (;;) {
            if (need == 0) {
                const int32_t first = ptr[at], degree = ptr[at + 1] - first;
                if (degree == 0 || DRAW(draw) >= chance[at])
                    break;
                const double aim = DRAW(draw + 1) * degree;
                const int32_t k = (int32_t)aim;
                const road_t *road = roads + first + k;
                const int stay = aim - k < road->keep;
                at = stay ? road->dest : road->other_dest;
                need = stay ? road->km : road->other_km;
                draw += 2;
            }
            if (need > left) {
                need -= left;
                break;
            }
            left -= need;
            need = 0;
            if (left == 0)
                break;
        }
        place[i] = (uint16_t)at;
        to_go[i] = (uint16_t)need;
        stock[at] += need == 0;
    }
}
